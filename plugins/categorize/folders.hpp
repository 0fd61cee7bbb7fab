// categorize.folders: a folder of links to pictures and videos for each category.
#pragma once
#include <flowrun/plugin.hpp>

#include "../output/link_tree.hpp"
#include "pictures.hpp"

namespace categorize {

struct folders {
  static constexpr auto name = "folders";
  std::string media, folder = "categories";

  static void describe(flowrun::description<folders>& d);
  void open(const flowrun::stage_context& context) { context_ = context; }
  output::links_made run(const flowrun::table<pictures>& found) const;

 private:
  flowrun::stage_context context_;
};

}  // namespace categorize
