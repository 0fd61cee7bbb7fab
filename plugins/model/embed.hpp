// model.embed: a picture as a vector.
#pragma once
#include <flowrun/plugin.hpp>

#include "embedding.hpp"
#include "regions.hpp"

namespace model_stages {

struct embed {
  static constexpr auto name = "embed";
  std::string output, normalize = "l2";

  static void describe(flowrun::description<embed>& d);
  void start(const flowrun::model_calls& calls);
  std::size_t rows(const flowrun::image&, const flowrun::boxes* regions) const { return count_regions(regions); }
  void prepare(const flowrun::image& in, const flowrun::boxes* regions, std::size_t i, flowrun::row& row) const {
    put_region(in, regions, i, row);
  }
  embedding finish(const flowrun::image&, const flowrun::boxes*, const flowrun::result_rows& rows) const;

 private:
  std::size_t output_ = 0;
};

}  // namespace model_stages
