// Categories as the mean direction of their examples' embeddings.
#pragma once
#include <span>
#include <string>
#include <vector>

namespace categorize {

struct nearest_category {
  std::size_t index = 0;
  double similarity = 0;  // cosine, -1..1
};

class centroids {
 public:
  // Opens the next category; its examples follow.
  void begin(const std::string& category);
  void add(std::vector<float> embedding);  // of any length; a vector of zeros adds nothing
  void end();                              // of the category: the mean becomes a direction

  std::size_t size() const { return names_.size(); }
  bool empty() const { return names_.empty(); }
  const std::string& name(std::size_t i) const { return names_[i]; }
  // Of an embedding of length 1 (or 0: similar to none). Of equal ones the first. There must be a category.
  nearest_category find_nearest(std::span<const float> embedding) const;

 private:
  std::vector<std::string> names_;
  std::vector<std::vector<float>> directions_;
};

}  // namespace categorize
