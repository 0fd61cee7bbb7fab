// expect: flowrun: a type that passes a port needs a name: `static constexpr auto port = "mine.type/1"`
#include <flowrun/input_stage.hpp>

struct point {
  int x = 0, y = 0;
  friend std::size_t bytes(const point&) { return sizeof(point); }
};

const auto stage = flowrun::make_input<point>("point");
