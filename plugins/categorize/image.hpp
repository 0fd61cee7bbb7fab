// categorize.image: labels of ImageNet, an embedding, and categories of the user's own.
#pragma once
#include <filesystem>
#include <flowrun/plugin.hpp>

#include "../model/embedding.hpp"
#include "../model/regions.hpp"
#include "../model/top_labels.hpp"
#include "centroids.hpp"
#include "pictures.hpp"

namespace categorize {

struct image {
  static constexpr auto name = "image";
  int top = 5;
  double min_score = 0;
  std::string categories;
  double threshold = 0.5;
  std::string output, embedding_output;

  static void describe(flowrun::description<image>& d);
  void open(const flowrun::stage_context& context);
  void start(const flowrun::model_calls& calls);
  std::size_t rows(const flowrun::image&, const flowrun::boxes* regions) const {
    return model_stages::count_regions(regions);
  }
  void prepare(const flowrun::image& in, const flowrun::boxes* regions, std::size_t i, flowrun::row& row) const {
    model_stages::put_region(in, regions, i, row);
  }
  std::tuple<pictures, model_stages::embedding> finish(const flowrun::image&, const flowrun::boxes*,
                                                       const flowrun::result_rows& rows) const;

 private:
  struct example {
    std::filesystem::path file;
    flowrun::image picture;
  };
  void learn(const flowrun::model_calls& calls);
  void look_at(std::vector<example>& batch, const flowrun::model_calls& calls);

  std::function<void(flowrun::log_level, std::string_view)> log_;
  std::size_t scores_ = 0, vector_ = 0;
  centroids known_;
};

}  // namespace categorize
