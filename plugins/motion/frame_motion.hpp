// What motion.flow gives for two consecutive frames.
#pragma once
#include <array>
#include <flowrun/codec.hpp>
#include <optional>

namespace motion {

// Motion of the picture from the previous frame to the current one; lengths in px of the original frame, x to the
// right, y down. Angles in degrees: 0 right, 90 up, counter-clockwise. Nothing is ever NaN or infinite.
struct frame_motion {
  static constexpr auto port = "motion.motion/1";

  double mean_magnitude = 0, max_magnitude = 0;
  double moving = 0;
  std::optional<double> direction;
  double direction_strength = 0;
  std::array<float, 8> histogram{};
  double camera_dx = 0, camera_dy = 0;
  double camera_rotation = 0, camera_scale = 1;
  double camera_support = 0;
  double object_share = 0, mean_residue = 0;
  double cut_score = 0;
  bool cut = false;

  static void fields(flowrun::fields<frame_motion>& f) {
    f.field("mean_magnitude", &frame_motion::mean_magnitude, ">= 0, px; mean length of the flow vectors");
    f.field("max_magnitude", &frame_motion::max_magnitude, ">= 0, px; length of the longest flow vector");
    f.field("moving", &frame_motion::moving, "0..1; share of pixels whose vector is longer than min_magnitude");
    f.field(
        "direction", &frame_motion::direction,
        "0..360 (360 left out), degrees; dominant direction: 0 right, 90 up, counter-clockwise; angle of the sum of "
        "the moving pixels' vectors, the circular mean weighted by magnitude (Mardia & Jupp 2000); none: nothing "
        "moves, or direction_strength below 0.05");
    f.field("direction_strength", &frame_motion::direction_strength,
            "0..1; length of that sum / sum of lengths: 1: all move one way, 0: nothing moves or no common direction");
    f.field(
        "histogram", &frame_motion::histogram,
        "0..1; share of the moving pixels' summed magnitude per direction, sum 1, or all 0 where nothing moves; bin "
        "i covers 45 i - 22.5 .. 45 i + 22.5 degrees: right, up right, up, up left, left, down left, down, down "
        "right");
    f.field(
        "camera_dx", &frame_motion::camera_dx,
        "px; camera motion: shift of the scene at the image centre, to the right (the camera pans to the left); the "
        "affine motion that most textured 8x8 px cells share: 256 fixed samples of three cells, scored by truncated "
        "squares (Torr & Zisserman 2000), then least squares reweighted by Tukey's biweight");
    f.field("camera_dy", &frame_motion::camera_dy, "px; the same, downwards (the camera tilts up)");
    f.field("camera_rotation", &frame_motion::camera_rotation,
            "-180..180, degrees; turn of the scene about the image centre, counter-clockwise (the camera rolls "
            "clockwise)");
    f.field(
        "camera_scale", &frame_motion::camera_scale,
        ">= 0, factor; growth of the scene (square root of the affine map's determinant): above 1 the camera zooms in "
        "or moves ahead");
    f.field("camera_support", &frame_motion::camera_support,
            "0..1; share of the textured cells that move with the camera; low: distrust the camera values");
    f.field(
        "object_share", &frame_motion::object_share,
        "0..1; share of pixels that move by more than 1 px against the camera motion (the residue), and whose change "
        "the camera motion alone does not explain");
    f.field(
        "mean_residue", &frame_motion::mean_residue,
        ">= 0, px; mean residue |flow - camera flow| over all pixels, 0 where the camera motion explains the picture");
    f.field("cut_score", &frame_motion::cut_score,
            "0..1; how little the current frame is the previous one moved along the flow: 0 the same scene, 1 another");
    f.field("cut", &frame_motion::cut,
            "true where cut_score reaches scene_cut: the current frame begins another shot, and the values above mean "
            "nothing");
  }
};

}  // namespace motion
