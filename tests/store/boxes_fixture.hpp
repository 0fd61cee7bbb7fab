// Kept boxes as several plugins may have them, for the tests of exports.
#pragma once
#include <limits>

#include "fixture.hpp"

namespace store_test {

struct face {
  float x = 0, y = 0, w = 0, h = 0;
  std::optional<float> score;
  std::array<float, 4> landmarks{};
  static void fields(flowrun::fields<face>& f) {
    f.field("x", &face::x).field("y", &face::y).field("w", &face::w).field("h", &face::h);
    f.field("score", &face::score).field("landmarks", &face::landmarks);
  }
};
struct faces {
  int width = 0, height = 0;
  std::vector<face> list;
  static void fields(flowrun::fields<faces>& f) {
    f.field("width", &faces::width).field("height", &faces::height).field("list", &faces::list);
  }
};

struct thing {
  std::optional<std::string> label;
  std::int16_t x = 0, y = 0, w = 0, h = 0;
  std::vector<float> vector;
  static void fields(flowrun::fields<thing>& f) {
    f.field("label", &thing::label).field("x", &thing::x).field("y", &thing::y).field("w", &thing::w);
    f.field("h", &thing::h).field("vector", &thing::vector);
  }
};
struct things {
  std::vector<thing> list;
  std::uint16_t height = 0, width = 0;
  std::string by;
  static void fields(flowrun::fields<things>& f) {
    f.field("list", &things::list)
        .field("height", &things::height)
        .field("width", &things::width)
        .field("by", &things::by);
  }
};

struct whom {
  std::int32_t identity = -1;
  float probability = 0;
  static void fields(flowrun::fields<whom>& f) {
    f.field("probability", &whom::probability).field("identity", &whom::identity);
  }
};
struct identities {
  std::vector<whom> list;
  static void fields(flowrun::fields<identities>& f) { f.field("list", &identities::list); }
};

// Boxes without the size of their picture.
struct places {
  std::vector<face> list;
  static void fields(flowrun::fields<places>& f) { f.field("list", &places::list); }
};

inline std::vector<outcome> box_outcomes() {
  return {kept<faces>("faces", '1', {"photos", "clips"}), kept<identities>("who", '2', {"photos", "clips"}),
          kept<things>("things", '3', {"photos", "clips"})};
}

inline std::vector<commit_unit> box_units() {
  const float nan = std::numeric_limits<float>::quiet_NaN(), infinity = std::numeric_limits<float>::infinity();
  commit_unit frame = unit_of("clips", "sub/x.mp4#000012",
                              {value_row(0, encoded(faces{64, 32, {{-5, -5, 20, 10, infinity, {1, 2, nan, 3}}}})),
                               value_row(1, encoded(identities{{{3, 1}}})),
                               value_row(2, encoded(things{{{{}, 1, 2, 3, 4, {}}}, 32, 64, "x"}))});
  frame.item.stream = "sub/x.mp4";
  frame.item.seq = 12;
  faces three{100, 50, {}};
  three.list = {
      {10.5f, 20, 0.1f, 3, 0.75f, {10, 20, 30.5f, 40}}, {nan, 1, 1, 1, {}, {}}, {90, 40, 20, 20, {}, {91, 41, 92, 42}}};
  return {
      frame,
      unit_of("photos", "b.jpg",
              {value_row(0, encoded(three)), value_row(1, encoded(identities{{{0, 1}, {7, 1}, {-1, 0}}})),
               value_row(2, encoded(things{{{"cup", 50, 25, 10, 10, {}}, {"cup", 200, 0, 5, 5, {}}}, 50, 100, ""}))}),
      unit_of("photos", "a%\xff.jpg",
              {value_row(0, encoded(faces{8, 6, {}})), value_row(1, encoded(identities{})),
               other_row(2, flowrun::status::skip, "dark")}),
      unit_of("photos", "c.jpg",
              {other_row(0, flowrun::status::skip, "dark"), other_row(1, flowrun::status::skip, "dark"),
               other_row(2, flowrun::status::error, "disk")})};
}

inline void commit_boxes(const fs::path& run, const std::vector<outcome>& outcomes,
                         const std::vector<commit_unit>& units) {
  run_store::open(run, outcomes)->commit(units);
}

}  // namespace store_test
