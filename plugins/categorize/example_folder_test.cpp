#include "example_folder.hpp"

#include <doctest/doctest.h>

#include <flowrun/testing.hpp>
#include <fstream>

namespace fs = std::filesystem;
using categorize::list_examples;

namespace {

struct folder {
  flowrun::testing::temporary_folder place;
  std::string path(const std::string& name = "") const {
    return name.empty() ? place.path().string() : (place.path() / name).string();
  }
  void write(const std::string& name) const {
    fs::create_directories(fs::path(path(name)).parent_path());
    std::ofstream(path(name)) << "x";
  }
};

}  // namespace

TEST_CASE("each sub-folder is a category; files and categories in the order of their names") {
  const folder f;
  for (const char* name : {"sea/b.jpg", "sea/a.png", "sea/.hidden", "sea/deep/c.jpg", "land/x", "beside.txt", ".git/y"})
    f.write(name);
  fs::create_directory_symlink(f.path("sea"), f.path("water"));
  const auto all = list_examples(f.path());
  REQUIRE(all.size() == 3);
  CHECK(all[0].category == "land");
  CHECK(all[0].files == std::vector<fs::path>{f.path("land/x")});
  CHECK(all[1].category == "sea");
  CHECK(all[1].files == std::vector<fs::path>{f.path("sea/a.png"), f.path("sea/b.jpg")});
  CHECK(all[2].category == "water");
  CHECK(all[2].files.size() == 2);
}

TEST_CASE("a folder that cannot be one of categories: each its sentence") {
  const folder f;
  const std::string the = "the folder of categories '";
  CHECK_THROWS_WITH_AS(list_examples(f.path("nowhere")),
                       (the + f.path("nowhere") + "' does not exist (seen from " + fs::current_path().string() +
                        "); give a folder with one sub-folder of example pictures for each category")
                           .c_str(),
                       flowrun::input_error);
  f.write("file");
  CHECK_THROWS_WITH_AS(
      list_examples(f.path("file")),
      (the + f.path("file") + "' is a file; give a folder with one sub-folder of example pictures for each category")
          .c_str(),
      flowrun::input_error);
  CHECK_THROWS_WITH_AS(
      list_examples(f.path()),
      (the + f.path() + "' has no sub-folder; give a folder with one sub-folder of example pictures for each category")
          .c_str(),
      flowrun::input_error);
  f.write("unknown/a.jpg");
  CHECK_THROWS_WITH_AS(
      list_examples(f.path()),
      (the + f.path() + "' has a category named 'unknown', which means that no category fits; rename that folder")
          .c_str(),
      flowrun::input_error);
}
