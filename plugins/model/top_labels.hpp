// The best classes of one row of a classifier's output.
#pragma once
#include <span>

#include "labels.hpp"

namespace model_stages {

struct label_rule {
  int top = 5;
  std::string scores = "softmax";  // of the values: "softmax", "sigmoid", "raw"
  double threshold = 0;            // a lower score is left out
};

// Best first; of equal ones the class that comes first. Without names classes are named by their number. Throws
// std::runtime_error where a value is not a number.
std::vector<label> top_labels(std::span<const float> values, const std::vector<std::string>& names,
                              const label_rule& rule);

}  // namespace model_stages
