#include "owned_files.hpp"

#include <doctest/doctest.h>

#include <flowrun/testing.hpp>
#include <fstream>

namespace fs = std::filesystem;
using output::owned_files;
using output::owned_kind;

namespace {

struct place {
  flowrun::testing::temporary_folder top;
  fs::path folder = top.path() / "made";

  void make(const std::set<std::string>& names, const std::string& bytes = "bytes") const {
    owned_files files(folder, owned_kind::files, "sheets");
    files.begin(names);
    for (const std::string& name : names) files.write(name, bytes.data(), bytes.size());
    files.end();
  }
  std::set<std::string> there() const {
    std::set<std::string> all;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
      all.insert(entry.path().lexically_relative(folder).native());
    return all;
  }
  void put(const std::string& name, const std::string& bytes = "mine") const {
    fs::create_directories((folder / name).parent_path());
    std::ofstream(folder / name, std::ios::binary) << bytes;
  }
  std::string read(const std::string& name) const {
    std::ifstream in(folder / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  std::string at(const std::string& name) const { return "'" + (folder / name).native() + "'"; }
};

template <class F> std::string fault_of(F&& f) {
  try {
    f();
  } catch (const std::runtime_error& e) {
    return e.what();
  }
  return "";
}

}  // namespace

TEST_CASE("files that are wanted no more go, those of others stay") {
  const place p;
  p.make({"a.jpg", "b.jpg", "sub/c.jpg", "old/d.jpg"});
  CHECK(p.there() == std::set<std::string>{".flowrun-files", "a.jpg", "b.jpg", "old", "old/d.jpg", "sub", "sub/c.jpg"});
  p.put("mine.jpg");
  p.put("sub/mine.jpg");
  p.make({"b.jpg", "e.jpg"}, "new");
  CHECK(p.there() == std::set<std::string>{".flowrun-files", "b.jpg", "e.jpg", "mine.jpg", "sub", "sub/mine.jpg"});
  CHECK(p.read("b.jpg") == "new");
  CHECK(p.read("mine.jpg") == "mine");
}

TEST_CASE("a file that would be the same is left alone; one that was removed comes back") {
  const place p;
  p.make({"a.jpg", "b.jpg"});
  const auto long_ago = fs::file_time_type::clock::now() - std::chrono::hours(5);
  for (const char* name : {"a.jpg", ".flowrun-files"}) fs::last_write_time(p.folder / name, long_ago);
  fs::remove(p.folder / "b.jpg");
  p.make({"a.jpg", "b.jpg"});
  CHECK(fs::last_write_time(p.folder / "a.jpg") == long_ago);
  CHECK(fs::last_write_time(p.folder / ".flowrun-files") == long_ago);
  CHECK(p.read("b.jpg") == "bytes");
  p.make({"a.jpg", "b.jpg"}, "BYTES");  // of the same size
  CHECK(p.read("a.jpg") == "BYTES");
}

TEST_CASE("a folder with other things in it is not taken") {
  const place p;
  p.put("IMG_0001.jpg");
  CHECK(fault_of([&] { p.make({"a.jpg"}); }) ==
        "the folder '" + p.folder.native() +
            "' holds other things ('IMG_0001.jpg'); name another one by the param 'folder'");
  CHECK(p.there() == std::set<std::string>{"IMG_0001.jpg"});
  fs::rename(p.folder / "IMG_0001.jpg", p.folder / ".a.jpg.1.0.flowrun-tmp");  // what a killed run left
  p.make({"a.jpg"});
  CHECK(p.read("a.jpg") == "bytes");
}

TEST_CASE("what stands in the way is not replaced, and nothing is changed") {
  const place p;
  p.make({"a.jpg"});
  p.put("b.jpg");
  CHECK(fault_of([&] {
          p.make({"b.jpg", "c.jpg"});
        }) == p.at("b.jpg") + " is in the way: the stage 'sheets' did not make it; move it away");
  CHECK(p.there() == std::set<std::string>{".flowrun-files", "a.jpg", "b.jpg"});
  CHECK(fault_of([&] { p.make({"b.jpg/c.jpg"}); }) == p.at("b.jpg") + " is in the way: it is no folder; move it away");
  fs::remove(p.folder / "b.jpg");
  p.make({"b.jpg"});
  CHECK(p.there() == std::set<std::string>{".flowrun-files", "b.jpg"});
}

TEST_CASE("a folder belongs to one stage and one kind") {
  const place p;
  p.make({"a.jpg"});
  CHECK(fault_of([&] { owned_files(p.folder, owned_kind::files, "other"); }) ==
        "the folder '" + p.folder.native() +
            "' has the files of the stage 'sheets'; name another one by the param 'folder'");
  CHECK(fault_of([&] { owned_files(p.folder, owned_kind::links, "sheets"); }) ==
        "the folder '" + p.folder.native() +
            "' has the files of the stage 'sheets'; name another one by the param 'folder'");
}

TEST_CASE("a list that nobody wrote is not believed") {
  const place p;
  p.make({"a.jpg"});
  const std::string head = std::string("flowrun.files/1\0files\0sheets\0", 29);
  CHECK(p.read(".flowrun-files") == head + std::string("a.jpg\0", 6));
  std::ofstream(p.top.path() / "victim") << "mine";
  for (const std::string& name :
       {std::string("../victim"), std::string("/etc/passwd"), std::string("a/../victim"), std::string("a/b/c"),
        std::string(".."), std::string(), std::string("x/"), std::string(".flowrun-files")}) {
    p.put(".flowrun-files", head + name + std::string(1, '\0'));
    CHECK(fault_of([&] { p.make({"a.jpg"}); }) ==
          "the list " + p.at(".flowrun-files") +
              " is damaged; remove that folder, and what the stage makes is made anew");
  }
  for (const std::string& text : {std::string(), std::string("something"), head.substr(0, 20)}) {
    p.put(".flowrun-files", text);
    CHECK(fault_of([&] { p.make({"a.jpg"}); }) != "");
  }
  CHECK(fs::exists(p.top.path() / "victim"));
}

TEST_CASE("nothing is removed through a link that replaced a sub folder, nor what became of another kind") {
  const place p;
  p.make({"sub/a.jpg", "b.jpg"});
  fs::create_directory(p.top.path() / "elsewhere");
  fs::rename(p.folder / "sub/a.jpg", p.top.path() / "elsewhere/a.jpg");
  fs::remove(p.folder / "sub");
  fs::create_directory_symlink(p.top.path() / "elsewhere", p.folder / "sub");
  fs::remove(p.folder / "b.jpg");
  fs::create_symlink("nowhere", p.folder / "b.jpg");
  p.make({});
  CHECK(fs::exists(p.top.path() / "elsewhere/a.jpg"));
  CHECK(p.there() == std::set<std::string>{".flowrun-files", "b.jpg", "sub"});
}

TEST_CASE("a folder that cannot be made says why") {
  CHECK(fault_of([] { owned_files("/dev/null/x", owned_kind::files, "sheets"); }) ==
        "'/dev/null/x' cannot be made: Not a directory");
}
