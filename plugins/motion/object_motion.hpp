// What moves against the camera motion: objects.
#pragma once
#include <opencv2/core.hpp>
#include <vector>

#include "camera_motion.hpp"

namespace motion {

struct object_motion {
  double share = 0;         // 0..1, share of the pixels of objects
  double mean_residue = 0;  // px of the original frame
};

// Memory kept between calls. After a call, `mask` (CV_8UC1 of the working size) is 255 at the pixels of objects.
struct object_scratch {
  cv::Mat residues, mask;
  std::vector<float> gains;
};

// A pixel belongs to an object where its residue |flow - camera flow| is above 1 px, and the flow explains the picture
// around it better than the camera motion does, by a luma level of mean difference: flow that compression noise or the
// neighbourhood of a moving thing brings into still, flat ground does not. `previous`, `current`: working frames.
// `vectors`: CV_32FC2, px of the original frame.
object_motion find_object_motion(const cv::Mat& previous, const cv::Mat& current, const cv::Mat& vectors,
                                 const affine_flow& camera, pixel_scale scale, object_scratch& scratch);

}  // namespace motion
