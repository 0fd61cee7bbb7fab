// NEW_PLUGIN.NEW_STAGE, called as a run calls it.
#include "NEW_STAGE.cpp"

#include <cstdio>
#include <flowrun/testing.hpp>

static int wrong = 0;

static void expect(bool right, const char* what) {
  if (right) return;
  std::fprintf(stderr, "not so: %s\n", what);
  ++wrong;
}

// A row of pixels of all levels, 0 to 255.
static flowrun::image ramp() {
  flowrun::image_buffer b(256, 1, 1);
  for (int x = 0; x < 256; ++x) b.row(0)[x] = static_cast<std::uint8_t>(x);
  return std::move(b).freeze();
}

int main() {
  flowrun::testing::stage<NEW_STRUCT> s;
  expect(s.run(ramp()).get<double>() == 127.0 / 256, "127 of 256 levels are above 128");
  s.set("level", 255);
  expect(s.run(ramp()).get<double>() == 0, "no level is above 255");
  expect(s.run(flowrun::image()).reason == "the picture is empty", "an empty picture is skipped");
  const auto fault = flowrun::testing::check_parallel(s, std::vector{ramp(), ramp()});
  expect(fault.empty(), fault.c_str());
  return wrong == 0 ? 0 : 1;
}
