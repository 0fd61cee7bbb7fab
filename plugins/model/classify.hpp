// model.classify: the best labels of a picture, by any classifier that has a model file.
#pragma once
#include <flowrun/plugin.hpp>

#include "regions.hpp"
#include "top_labels.hpp"

namespace model_stages {

struct classify : label_rule {
  static constexpr auto name = "classify";
  std::string output;

  static void describe(flowrun::description<classify>& d);
  void start(const flowrun::model_calls& calls);
  std::size_t rows(const flowrun::image&, const flowrun::boxes* regions) const { return count_regions(regions); }
  void prepare(const flowrun::image& in, const flowrun::boxes* regions, std::size_t i, flowrun::row& row) const {
    put_region(in, regions, i, row);
  }
  label_lists finish(const flowrun::image&, const flowrun::boxes*, const flowrun::result_rows& rows) const;

 private:
  std::size_t output_ = 0;
};

}  // namespace model_stages
