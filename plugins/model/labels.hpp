// What a classifier says of pictures.
#pragma once
#include <flowrun/codec.hpp>
#include <string>
#include <vector>

namespace model_stages {

struct label {
  std::string name;
  float score = 0;

  static void fields(flowrun::fields<label>& f) {
    f.field("label", &label::name, "of the model file's labels; the class's number where it has none");
    f.field("score", &label::score, "what `scores` makes of the network's value: 0..1, or any number if raw");
  }
};

struct label_lists {
  static constexpr auto port = "model.labels/1";
  std::vector<std::vector<label>> labels;

  static void fields(flowrun::fields<label_lists>& f) {
    f.field("labels", &label_lists::labels,
            "the best first; one list for the whole picture, or one for each region in their order");
  }
};

}  // namespace model_stages
