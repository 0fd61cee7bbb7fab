// What categorize.image says of pictures.
#pragma once
#include "../model/labels.hpp"

namespace categorize {

struct category {
  std::string name, nearest;
  float similarity = 0;

  static void fields(flowrun::fields<category>& f) {
    f.field("category", &category::name, "name of its folder; `unknown` where the similarity is below the threshold");
    f.field("nearest", &category::nearest, "the category with the most similar examples, below the threshold too");
    f.field("similarity", &category::similarity,
            "-1..1; cosine of the angle between the embedding and the mean of the nearest category's examples");
  }
};

struct pictures {
  static constexpr auto port = "categorize.pictures/1";
  std::vector<std::vector<model_stages::label>> labels;
  std::vector<category> categories;

  static void fields(flowrun::fields<pictures>& f) {
    f.field("labels", &pictures::labels,
            "the best first; one list for the whole picture, or one for each region in their order");
    f.field("categories", &pictures::categories,
            "of your own: one for the whole picture, or one for each region; empty without the param `categories`");
  }
};

}  // namespace categorize
