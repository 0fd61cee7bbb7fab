// What may follow d.model(...) in a describe().
#pragma once
#include "stage.hpp"

namespace flowrun {

class model_line {
 public:
  explicit model_line(model_info& m) : m_(m) {}
  // The model file a graph uses when it names no other.
  model_line& file(const char* name) {
    m_.file = name;
    return *this;
  }
  // Only model files of this task fit.
  model_line& task(const char* name) {
    m_.task = name;
    return *this;
  }
  // Each row is an image that prepare() puts, and nothing else: only model files with one input, which holds an image,
  // fit.
  model_line& images() {
    m_.images = true;
    return *this;
  }
  // Rows in one call, unless a graph or profile says otherwise; of a device stage the most that it gives one call.
  model_line& batch(int rows) {
    m_.batch = rows;
    return *this;
  }

 private:
  model_info& m_;
};

}  // namespace flowrun
