// Vectors that stand for pictures: those of alike pictures point the same way.
#pragma once
#include <flowrun/codec.hpp>
#include <vector>

namespace model_stages {

struct embedding {
  static constexpr auto port = "model.embedding/1";
  int size = 0;
  std::vector<float> values;

  static void fields(flowrun::fields<embedding>& f) {
    f.field("size", &embedding::size, "values of one vector");
    f.field("values", &embedding::values, "one vector for the whole picture, or one after the other for each region");
  }
};

}  // namespace model_stages
