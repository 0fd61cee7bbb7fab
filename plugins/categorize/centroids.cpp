#include "centroids.hpp"

#include <algorithm>

#include "../model/normalize.hpp"

namespace categorize {

void centroids::begin(const std::string& category) {
  names_.push_back(category);
  directions_.emplace_back();
}

void centroids::add(std::vector<float> embedding) {
  model_stages::normalize(embedding);
  std::vector<float>& sum = directions_.back();
  if (sum.empty()) sum.resize(embedding.size());
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += embedding[i];
}

void centroids::end() {
  model_stages::normalize(directions_.back());
}

nearest_category centroids::find_nearest(std::span<const float> embedding) const {
  nearest_category found;
  for (std::size_t c = 0; c < directions_.size(); ++c) {
    double product = 0;
    for (std::size_t i = 0; i < directions_[c].size(); ++i)
      product += static_cast<double>(directions_[c][i]) * embedding[i];
    product = std::clamp(product, -1.0, 1.0);
    if (c == 0 || product > found.similarity) found = {c, product};
  }
  return found;
}

}  // namespace categorize
