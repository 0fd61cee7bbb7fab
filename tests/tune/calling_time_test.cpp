// Calls that overlap count once.
#include "run/calling_time.hpp"

#include <doctest/doctest.h>

using flowrun::core::calling_time;

TEST_CASE("calls that overlap count once, gaps between them not at all") {
  calling_time t;
  const auto at = [](int ms) { return calling_time::time_point(std::chrono::milliseconds(ms)); };
  CHECK(t.seconds() == 0);
  t.begin(at(10));
  t.begin(at(20));
  t.end(at(30));
  CHECK(t.seconds() == 0);
  t.end(at(40));
  CHECK(t.seconds() == doctest::Approx(0.030));
  t.begin(at(100));
  t.end(at(105));
  CHECK(t.seconds() == doctest::Approx(0.035));
}
