// The stage motion.flow.
#pragma once
#include <flowrun/opencv.hpp>
#include <flowrun/per_lane.hpp>
#include <flowrun/plugin.hpp>
#include <flowrun/tensor.hpp>
#include <tuple>

#include "measure.hpp"

namespace motion {

struct flow : measure_settings {
  static constexpr auto name = "flow";
  static constexpr int version = 1;

  static void describe(flowrun::description<flow>& d);

  // Skips where the frame's size changes. The tensor is float32 [height, width, 2].
  std::tuple<frame_motion, flowrun::tensor> run(const flowrun::image& previous, const flowrun::image& current) const;

 private:
  // A cv::DISOpticalFlow is no more safe to share than a buffer.
  flowrun::per_lane<measure_scratch> scratch_;
};

}  // namespace motion
