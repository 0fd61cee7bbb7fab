// faces.folders: a folder of links to pictures and videos for each identity.
#pragma once
#include <flowrun/plugin.hpp>

#include "../output/link_tree.hpp"
#include "identities.hpp"

namespace faces {

struct folders {
  static constexpr auto name = "folders";
  std::string media, folder = "people";

  static void describe(flowrun::description<folders>& d);
  void open(const flowrun::stage_context& context) { context_ = context; }
  output::links_made run(const flowrun::table<identities>& found) const;

 private:
  flowrun::stage_context context_;
};

}  // namespace faces
