#include "top_labels.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

using namespace model_stages;

namespace {

const std::vector<std::string> letters = {"a", "b", "c", "d"};

std::string names(const std::vector<label>& all) {
  std::string text;
  for (const label& l : all) text += l.name;
  return text;
}

}  // namespace

TEST_CASE("softmax: shares of 1, the best first") {
  const std::vector<float> logits = {0, std::log(2.0f), std::log(5.0f), std::log(2.0f)};
  const std::vector<label> best = top_labels(logits, letters, {4, "softmax", 0});
  CHECK(names(best) == "cbda");  // b and d are equal: the first class first
  CHECK(best[0].score == doctest::Approx(0.5));
  CHECK(best[1].score == doctest::Approx(0.2));
  CHECK(best[3].score == doctest::Approx(0.1));
}

TEST_CASE("softmax holds for large values, and for -infinity") {
  const std::vector<float> large = {10000, 10000, -10000, -std::numeric_limits<float>::infinity()};
  const std::vector<label> best = top_labels(large, letters, {4, "softmax", 0});
  CHECK(best[0].score == doctest::Approx(0.5));
  CHECK(best[1].score == doctest::Approx(0.5));
  CHECK(best[3].score == 0);
}

TEST_CASE("sigmoid: each for itself; raw: as they are") {
  const std::vector<float> values = {0, -3, 2, std::log(3.0f)};
  const std::vector<label> sigmoid = top_labels(values, letters, {2, "sigmoid", 0});
  CHECK(names(sigmoid) == "cd");
  CHECK(sigmoid[0].score == doctest::Approx(1 / (1 + std::exp(-2.0))));
  CHECK(sigmoid[1].score == doctest::Approx(0.75));
  const std::vector<label> raw = top_labels(values, letters, {4, "raw", -5});
  CHECK(names(raw) == "cdab");
  CHECK(raw[0].score == 2);
  CHECK(raw[3].score == -3);
}

TEST_CASE("top and threshold shorten the list, to nothing too; no more than there are") {
  const std::vector<float> values = {1, 2, 3, 4};
  CHECK(names(top_labels(values, letters, {1, "raw", 0})) == "d");
  CHECK(names(top_labels(values, letters, {100, "raw", 0})) == "dcba");
  CHECK(names(top_labels(values, letters, {100, "raw", 3})) == "dc");
  CHECK(names(top_labels(values, letters, {100, "raw", 5})).empty());
  CHECK(names(top_labels(std::vector<float>{7}, {"one"}, {5, "softmax", 1})) == "one");
}

TEST_CASE("without labels classes are numbers") {
  CHECK(names(top_labels(std::vector<float>{1, 3, 2}, {}, {3, "raw", 0})) == "120");
}

TEST_CASE("values that are not numbers are refused") {
  const float nan = std::numeric_limits<float>::quiet_NaN(), infinity = std::numeric_limits<float>::infinity();
  CHECK_THROWS_WITH(top_labels(std::vector<float>{1, nan}, {}, {}), "the network gave values that are not numbers");
  CHECK_THROWS_WITH(top_labels(std::vector<float>{1, infinity}, {}, {}),
                    "the network gave infinite values, of which there is no softmax");
}
