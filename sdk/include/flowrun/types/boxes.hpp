// flowrun::boxes: rectangles in a picture, such as faces, that one stage found and others cut out or draw.
#pragma once
#include <vector>

#include "../codec.hpp"

namespace flowrun {

// (x, y) is the corner next to the picture's first pixel. A box may reach beyond the picture.
struct box {
  float x = 0, y = 0, w = 0, h = 0;  // px
  float score = 0;

  static void fields(flowrun::fields<box>& f) {
    f.field("x", &box::x, "px; left side");
    f.field("y", &box::y, "px; upper side");
    f.field("w", &box::w, "px; width");
    f.field("h", &box::h, "px; height");
    f.field("score", &box::score, "as the stage that found it says; higher: more certain");
  }
};

struct boxes {
  static constexpr auto port = "flowrun.boxes/1";
  std::vector<box> list;
  int width = 0, height = 0;

  static void fields(flowrun::fields<boxes>& f) {
    f.field("list", &boxes::list, "in the order of the stage that found them; empty: nothing was found");
    f.field("width", &boxes::width, "px; of the picture; 0: not known");
    f.field("height", &boxes::height, "px; of the picture; 0: not known");
  }
};

}  // namespace flowrun
