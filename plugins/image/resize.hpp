// image.resize: images made smaller, or larger where that is asked for.
#pragma once
#include <flowrun/plugin.hpp>
#include <string>

namespace image_resize {

struct size {
  int width = 0, height = 0;  // px
  bool operator==(const size&) const = default;
};

struct resize {
  static constexpr auto name = "resize";

  int max_side = 0, width = 0, height = 0;  // px, 0: no bound
  std::string mode = "fit";
  std::string filter = "area";
  bool enlarge = false;

  static void describe(flowrun::description<resize>& d);
  // The image itself where it has that size already.
  flowrun::image run(const flowrun::image& in) const;

  // What an image of that size becomes; each side at least 1 px.
  size target(size from) const;
};

}  // namespace image_resize
