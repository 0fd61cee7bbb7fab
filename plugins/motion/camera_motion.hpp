// The motion of the camera: one affine motion of the whole picture that most of its texture follows.
#pragma once
#include <opencv2/core.hpp>

#include "working_frame.hpp"

namespace motion {

// The flow at (x, y), both in px from the image centre: dx + xx x + xy y to the right, dy + yx x + yy y downwards.
struct affine_flow {
  double dx = 0, dy = 0, xx = 0, xy = 0, yx = 0, yy = 0;
};

struct camera_motion {
  affine_flow flow;
  double support = 0;  // 0..1, share of the textured cells that follow it
};

// `grey`: the previous working frame. `vectors`: CV_32FC2 of the same size, px of the original frame. The result is in
// px of the original frame. No random numbers: the same input gives the same result.
camera_motion find_camera_motion(const cv::Mat& grey, const cv::Mat& vectors, pixel_scale scale);

// Degrees, counter-clockwise on the screen, -180..180.
double rotation_of(const affine_flow& flow);
// Square root of the determinant of the map position -> new position; 0 where the map mirrors.
double scale_of(const affine_flow& flow);

}  // namespace motion
