#include "folders.hpp"

#include <doctest/doctest.h>

#include <flowrun/testing.hpp>
#include <fstream>

namespace fs = std::filesystem;
using categorize::pictures;

namespace {

pictures labelled(std::initializer_list<std::vector<model_stages::label>> lists) {
  pictures p;
  p.labels = lists;
  return p;
}

std::set<std::string> links_below(const fs::path& folder) {
  std::set<std::string> all;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_symlink()) all.insert(entry.path().lexically_relative(folder).native());
  return all;
}

}  // namespace

TEST_CASE("categorize.folders: the user's categories, else the first label") {
  const flowrun::testing::temporary_folder top;
  for (const char* name : {"a.jpg", "b.jpg", "c.jpg"}) std::ofstream(top.path() / name) << "picture";
  pictures own = labelled({{{"sea", 0.9F}}});
  own.categories = {{"beach", "beach", 0.8F}, {"unknown", "office", 0.1F}};
  const pictures regions = labelled({{{"owl", 0.5F}, {"cat", 0.4F}}, {}, {{"cat", 0.3F}}});
  flowrun::testing::stage<categorize::folders> s;
  s.context.out = (top.path() / "run").native();
  s.set("media", top.path().native()).set("folder", "sorted");
  const auto done = s.gather(flowrun::testing::column<pictures>{{own, regions, {}}, {"a.jpg", "b.jpg", "c.jpg"}});
  REQUIRE(done.reason == "");
  CHECK(done.get<output::links_made>()->links == 4);
  CHECK(links_below(top.path() / "run/sorted") ==
        std::set<std::string>{"beach/a.jpg", "unknown/a.jpg", "owl/b.jpg", "cat/b.jpg"});
  CHECK(fs::read_symlink(top.path() / "run/sorted/owl/b.jpg") == fs::canonical(top.path()) / "b.jpg");
}
