// The stage motion.draw: flow as colours.
#pragma once
#include <flowrun/plugin.hpp>
#include <flowrun/tensor.hpp>
#include <flowrun/types/image.hpp>

namespace motion {

struct draw {
  static constexpr auto name = "draw";
  static constexpr int version = 1;

  double full_scale = 16;  // px

  static void describe(flowrun::description<draw>& d);

  // Throws std::invalid_argument unless `flow` is float32 [height, width, 2].
  flowrun::image run(const flowrun::tensor& flow) const;
};

}  // namespace motion
