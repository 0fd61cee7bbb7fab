#include "top_labels.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

namespace model_stages {

namespace {

// Of values without NaN; in double, so that the sum of many classes is exact enough.
std::vector<double> score(std::span<const float> values, const std::string& scores) {
  std::vector<double> all(values.begin(), values.end());
  if (scores == "sigmoid")
    for (double& v : all) v = 1 / (1 + std::exp(-v));
  if (scores != "softmax") return all;
  const double most = *std::max_element(all.begin(), all.end());
  if (!std::isfinite(most)) throw std::runtime_error("the network gave infinite values, of which there is no softmax");
  for (double& v : all) v = std::exp(v - most);
  const double sum = std::accumulate(all.begin(), all.end(), 0.0);
  for (double& v : all) v /= sum;
  return all;
}

}  // namespace

std::vector<label> top_labels(std::span<const float> values, const std::vector<std::string>& names,
                              const label_rule& rule) {
  if (std::any_of(values.begin(), values.end(), [](float v) { return std::isnan(v); }))
    throw std::runtime_error("the network gave values that are not numbers");
  if (values.empty()) return {};
  const std::vector<double> scores = score(values, rule.scores);
  std::vector<std::size_t> order(scores.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto end = order.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(
                                       order.size(), static_cast<std::size_t>(std::max(rule.top, 1))));
  std::partial_sort(order.begin(), end, order.end(), [&scores](std::size_t a, std::size_t b) {
    return scores[a] != scores[b] ? scores[a] > scores[b] : a < b;
  });
  std::vector<label> best;
  for (auto at = order.begin(); at != end && scores[*at] >= rule.threshold; ++at)
    best.push_back({names.empty() ? std::to_string(*at) : names.at(*at), static_cast<float>(scores[*at])});
  return best;
}

}  // namespace model_stages
