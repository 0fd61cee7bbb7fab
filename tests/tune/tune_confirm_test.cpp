// Whole runs have the last word over what was found for each stage.
#include "tune_confirm.hpp"

#include <doctest/doctest.h>

using namespace tool;

namespace {

std::vector<tune_point> batches(std::vector<std::uint64_t> all) {
  std::vector<tune_point> points;
  for (const std::uint64_t n : all) points.push_back({n, 2, "fp32"});
  return points;
}

std::vector<std::uint64_t> batches_of(const confirmation& c) {
  std::vector<std::uint64_t> all;
  for (const tune_point& p : c.points) all.push_back(p.batch);
  return all;
}

}  // namespace

TEST_CASE("what did not change is not compared") {
  int runs = 0;
  const confirmation c = confirm(batches({16}), batches({16}), [&](const auto&) {
    ++runs;
    return 1.0;
  });
  CHECK(runs == 0);
  CHECK(c.sure);
  CHECK(c.before == 0);
}

TEST_CASE("what is faster is kept after one run of each") {
  int runs = 0;
  const confirmation c = confirm(batches({16, 4}), batches({64, 4}), [&](const auto& points) {
    ++runs;
    return points[0].batch == 64 ? 1.0 : 2.0;
  });
  CHECK(runs == 2);
  CHECK(batches_of(c) == std::vector<std::uint64_t>{64, 4});
  CHECK(c.before == 2.0);
  CHECK(c.after == 1.0);
  CHECK(c.taken_back == 0);
}

TEST_CASE("one slow run is measured again") {
  int runs = 0;
  const confirmation c = confirm(batches({16}), batches({64}), [&](const auto& points) {
    ++runs;
    return runs == 2 ? 2.1 : points[0].batch == 64 ? 1.0 : 2.0;
  });
  CHECK(runs == 4);
  CHECK(batches_of(c) == std::vector<std::uint64_t>{64});
}

TEST_CASE("what is slower is taken back by half, and in the end all of it") {
  const auto seconds = [](std::uint64_t fits) {
    return [fits](const std::vector<tune_point>& points) { return points[0].batch > fits ? 3.0 : 2.0; };
  };
  confirmation c = confirm(batches({16, 8}), batches({71, 8}), seconds(40));
  CHECK(batches_of(c) == std::vector<std::uint64_t>{35, 8});
  CHECK(c.taken_back == 1);
  c = confirm(batches({16, 8}), batches({71, 8}), seconds(16));
  CHECK(batches_of(c) == std::vector<std::uint64_t>{16, 8});
  CHECK(c.taken_back == 3);
  CHECK(c.before == 0);
  CHECK(c.sure);
}

TEST_CASE("without time the settings are kept unless they were seen to be slower") {
  int left = 1;
  const auto run = [&](const std::vector<tune_point>& points) -> std::optional<double> {
    if (left-- <= 0) return std::nullopt;
    return points[0].batch > 16 ? 3.0 : 2.0;
  };
  confirmation c = confirm(batches({16}), batches({64}), run);
  CHECK(batches_of(c) == std::vector<std::uint64_t>{64});
  CHECK_FALSE(c.sure);
  left = 2;
  c = confirm(batches({16}), batches({64}), run);
  CHECK(batches_of(c) == std::vector<std::uint64_t>{16});
}
