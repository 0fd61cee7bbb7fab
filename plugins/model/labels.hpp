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
    f.field("score", &label::score, "0..1; any number where the network's values are taken raw");
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
