// The stages of NEW_PLUGIN, called as a run calls them.
#include "NEW_STAGE.cpp"

#include <cstdio>
#include <flowrun/testing.hpp>

using flowrun::testing::column;

static int wrong = 0;

static void expect(bool right, const char* what) {
  if (right) return;
  std::fprintf(stderr, "not so: %s\n", what);
  ++wrong;
}

static flowrun::image gray(std::uint8_t level) {
  return flowrun::image_buffer(2, 3, 1).freeze().map([level](std::uint8_t) { return level; });
}

int main() {
  flowrun::testing::stage<NEW_STRUCT_value> value;
  expect(value.run(gray(40)).get<double>() == 40, "the mean of a grey picture is its grey");
  const auto fault = flowrun::testing::check_parallel(value, std::vector{gray(1), gray(200)});
  expect(fault.empty(), fault.c_str());
  flowrun::testing::stage<NEW_STRUCT> mean;
  expect(*mean.gather(column<double>{{1, 2, 6}}).get<double>() == 3, "the mean of 1, 2 and 6 is 3");
  mean.set("offset", 10);
  expect(*mean.gather(column<double>{{1, 2, 6}}).get<double>() == 13, "the offset is added");
  expect(mean.gather(column<double>{}).reason == "no values", "without values it is skipped");
  return wrong == 0 ? 0 : 1;
}
