#include "folders.hpp"

#include <doctest/doctest.h>

#include <flowrun/testing.hpp>
#include <fstream>

namespace fs = std::filesystem;
using faces::identities;

namespace {

identities of(std::initializer_list<std::int32_t> list) {
  identities all;
  for (const std::int32_t identity : list) all.list.push_back({identity, 1, 0});
  return all;
}

}  // namespace

TEST_CASE("faces.folders: a folder for each person, nobody has none") {
  const flowrun::testing::temporary_folder top;
  for (const char* name : {"a.jpg", "b.jpg", "c.jpg"}) std::ofstream(top.path() / name) << "picture";
  flowrun::testing::stage<faces::folders> s;
  s.context.out = (top.path() / "run").native();
  s.set("media", top.path().native());
  const auto done = s.gather(flowrun::testing::column<identities>{
      {of({7, 12345, 7}), of({faces::nobody}), of({}), of({7})}, {"a.jpg", "b.jpg", "c.jpg", "clip.mp4#000001"}});
  REQUIRE(done.reason == "");
  const auto* made = done.get<output::links_made>();
  REQUIRE(made != nullptr);
  CHECK(made->folders == 2);
  CHECK(made->links == 2);
  CHECK(made->missing == 1);
  for (const char* folder : {"0007", "12345"})
    CHECK(fs::read_symlink(top.path() / "run/people" / folder / "a.jpg") == fs::canonical(top.path()) / "a.jpg");
  CHECK(std::distance(fs::directory_iterator(top.path() / "run/people"), fs::directory_iterator()) == 3);
}

TEST_CASE("faces.folders: two items of one key say nothing") {
  flowrun::testing::stage<faces::folders> s;
  s.set("media", "/");
  const auto done = s.gather(flowrun::testing::column<identities>{{of({0}), of({1})}, {"a.jpg", "a.jpg"}});
  CHECK(done.reason ==
        "two items of 'identities' have the key 'a.jpg': their sources have files of the same name; read all folders "
        "by one source, with its param 'paths'");
}
