#include "list_files.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <flowrun/packet.hpp>

#include "made_files.hpp"

using namespace media;
namespace fs = std::filesystem;

namespace {

using texts = std::vector<std::string>;

// "key" or "key: problem".
texts listed(const file_listing& found) {
  texts all;
  for (const found_file& f : found.files) all.push_back(f.problem.empty() ? f.key : f.key + ": " + f.problem);
  return all;
}

listing_options with(bool recursive, bool root_names = false) {
  listing_options options;
  options.recursive = recursive;
  options.root_names = root_names;
  return options;
}

std::string refusal(const texts& entries) {
  try {
    list_files(entries, with(false, entries.size() > 1));
  } catch (const flowrun::input_error& e) {
    return e.what();
  }
  return "";
}

}  // namespace

TEST_CASE("a folder's pictures are listed by content, in the order of their bytes") {
  made::temporary_folder t;
  std::string jpeg = made::jpeg();
  for (const char* name : {"b.jpg", "B.JPG", "a.jpg", "a/x.jpg", "a/y/z.png", "\xff\xfe.jpg", "\xc3\xa4.jpg", "picture",
                           "odd name\n.jpg", "wrong.txt"})
    t.write(name, jpeg);
  t.write("notes.txt", "hello");
  t.write("nothing", "");
  t.write("text.jpg", "hello");
  t.write("unfinished.jpg.1.0.flowrun-tmp", jpeg);
  file_listing flat = list_files({t.path()}, with(false));
  CHECK(listed(flat) == texts{"B.JPG", "a.jpg", "b.jpg", "odd name\n.jpg", "picture", "text.jpg", "wrong.txt",
                              "\xc3\xa4.jpg", "\xff\xfe.jpg"});
  CHECK(flat.other_files == 3);
  CHECK(flat.folders == 1);
  file_listing deep = list_files({t.path() + "/"}, with(true));
  CHECK(listed(deep) == texts{"B.JPG", "a.jpg", "a/x.jpg", "a/y/z.png", "b.jpg", "odd name\n.jpg", "picture",
                              "text.jpg", "wrong.txt", "\xc3\xa4.jpg", "\xff\xfe.jpg"});
  CHECK(deep.folders == 0);
}

TEST_CASE("links are followed, but not to nothing and not in circles") {
  made::temporary_folder t;
  t.write("real/a.jpg", made::jpeg());
  t.write("photos/b.jpg", made::jpeg());
  fs::create_symlink("../real", t.at("photos/linked"));
  fs::create_symlink("../real/a.jpg", t.at("photos/c.jpg"));
  fs::create_symlink("nowhere", t.at("photos/dangling.jpg"));
  fs::create_symlink("nowhere", t.at("photos/dangling"));
  fs::create_symlink("self.png", t.at("photos/self.png"));
  fs::create_symlink("../photos", t.at("photos/loop"));
  fs::create_symlink("../photos", t.at("real/back"));
  file_listing found = list_files({t.at("photos")}, with(true));
  CHECK(listed(found) == texts{"b.jpg", "c.jpg", "dangling.jpg: is a link to nothing", "linked/a.jpg",
                               "self.png: is a link that leads back to itself"});
  std::sort(found.loops.begin(), found.loops.end());
  CHECK(found.loops == texts{t.at("photos/linked/back"), t.at("photos/loop")});
  CHECK(found.other_files == 1);
}

TEST_CASE("pipes and sockets are passed over, whatever their name") {
  made::temporary_folder t;
  t.write("a.jpg", made::jpeg());
  REQUIRE(::mkfifo(t.at("pipe.jpg").c_str(), 0600) == 0);
  REQUIRE(::mkfifo(t.at("pipe").c_str(), 0600) == 0);
  fs::create_symlink("/dev/zero", t.at("zero.jpg"));
  file_listing found = list_files({t.path()}, with(true));
  CHECK(listed(found) == texts{"a.jpg"});
  CHECK(found.special_files == 3);
  CHECK(refusal({t.at("pipe")}) ==
        "the path '" + t.at("pipe") + "' is neither a folder nor a file; give a folder, a file or a pattern");
}

TEST_CASE("one file is an item whatever it holds") {
  made::temporary_folder t;
  t.write("sub/notes.txt", "hello");
  CHECK(listed(list_files({t.at("sub/notes.txt")}, with(false))) == texts{"notes.txt"});
}

TEST_CASE("patterns") {
  made::temporary_folder t;
  for (const char* name :
       {"a1.jpg", "a2.jpg", "b1.jpg", "x/a1.jpg", "x/y/a1.jpg", "z/a1.jpg", ".h/a1.jpg", "w[1]/a.jpg"})
    t.write(name, made::jpeg());
  t.write("a1.txt", "text");
  auto keys = [&](const std::string& pattern, bool recursive = false) {
    return listed(list_files({t.at(pattern)}, with(recursive)));
  };
  CHECK(keys("a*") == texts{"a1.jpg", "a2.jpg"});
  CHECK(keys("[ab]1.*") == texts{"a1.jpg", "b1.jpg"});
  CHECK(keys("?/*.jpg") == texts{"x/a1.jpg", "z/a1.jpg"});
  CHECK(keys("x/*/a1.jpg") == texts{"y/a1.jpg"});
  CHECK(keys("**/a1.jpg") == texts{"a1.jpg", "x/a1.jpg", "x/y/a1.jpg", "z/a1.jpg"});
  CHECK(keys("x/**") == texts{"a1.jpg", "y/a1.jpg"});
  CHECK(keys("**/**/b1.jpg") == texts{"b1.jpg"});
  CHECK(keys("x*") == texts{});
  CHECK(keys("x*", true) == texts{"x/a1.jpg", "x/y/a1.jpg"});
  CHECK(keys("w[1]") == texts{"a.jpg"});
  CHECK(refusal({t.at("*.png")}) == "the path '" + t.at("*.png") + "' matches nothing (seen from " +
                                        fs::current_path().native() + "); give a pattern that matches a file");
  CHECK(refusal({t.at("no/*.png")}) == "the path '" + t.at("no/*.png") + "' matches nothing: the folder '" +
                                           t.at("no") + "': No such file or directory");
}

TEST_CASE("several paths: keys begin with what makes the folders differ") {
  made::temporary_folder t;
  for (const char* name : {"2023/photos/a.jpg", "2024/photos/a.jpg", "2024/photos/b.jpg", "2024/more/a.jpg"})
    t.write(name, made::jpeg());
  auto keys = [&](texts names, bool recursive = false) {
    for (std::string& name : names) name = t.at(name);
    return listed(list_files(names, with(recursive, true)));
  };
  CHECK(keys({"2024/photos"}) == texts{"photos/a.jpg", "photos/b.jpg"});
  CHECK(keys({"2024/photos", "2024/more"}) == texts{"more/a.jpg", "photos/a.jpg", "photos/b.jpg"});
  CHECK(keys({"2024/photos", "2023/photos"}) == texts{"2023/photos/a.jpg", "2024/photos/a.jpg", "2024/photos/b.jpg"});
  CHECK(keys({"2024/photos/b.jpg", "2024/photos/a*", "2024/photos/../photos"}) ==
        texts{"photos/a.jpg", "photos/b.jpg"});
  // Inside one another: each file once, under the first that has it.
  CHECK(keys({"2024/photos", "2024"}, true) == texts{"2024/more/a.jpg", "photos/a.jpg", "photos/b.jpg"});
}

TEST_CASE("a path that is not there says so") {
  made::temporary_folder t;
  std::string here = fs::current_path().native();
  CHECK(refusal({t.at("no")}) == "the path '" + t.at("no") + "' does not exist (seen from " + here +
                                     "); give a folder, a file or a pattern such as 'photos/*.jpg'");
  fs::create_symlink("nowhere", t.at("link"));
  CHECK(refusal({t.at("link")}) ==
        "the path '" + t.at("link") + "' is a link to nothing; give a folder, a file or a pattern");
  fs::create_directory(t.at("empty"));
  CHECK(listed(list_files({t.at("empty")}, with(true))) == texts{});
}

TEST_CASE("the run directory is not input") {
  made::temporary_folder t;
  t.write("a.jpg", made::jpeg());
  t.write("runs/demo/out/a.jpg", made::jpeg());
  listing_options options = with(true);
  options.run_directory = t.at("runs/demo");
  file_listing found = list_files({t.path()}, options);
  CHECK(listed(found) == texts{"a.jpg"});
  CHECK(found.own == texts{t.at("runs/demo")});
}

TEST_CASE("what may not be read is a failed item below the root, and a refusal at the root") {
  // Rights do not bind root: tests/ runs this again under another user.
  if (::geteuid() == 0) return;
  made::temporary_folder t;
  t.write("photos/a.jpg", made::jpeg());
  t.write("photos/closed/b.jpg", made::jpeg());
  t.write("photos/unnamed", made::jpeg());
  ::chmod(t.at("photos/closed").c_str(), 0);
  ::chmod(t.at("photos/unnamed").c_str(), 0);
  CHECK(listed(list_files({t.at("photos")}, with(true))) ==
        texts{"a.jpg", "closed: cannot be listed: Permission denied", "unnamed: cannot be read: Permission denied"});
  CHECK(refusal({t.at("photos/closed")}) ==
        "the path '" + t.at("photos/closed") + "' cannot be read: Permission denied; give a folder that may be listed");
  CHECK(refusal({t.at("photos/unnamed")}) ==
        "the path '" + t.at("photos/unnamed") + "' cannot be read: Permission denied; give one that may be read");
  CHECK(refusal({t.at("photos/closed/b.jpg")}) ==
        "the path '" + t.at("photos/closed/b.jpg") + "' cannot be read: Permission denied; give one that may be read");
  ::chmod(t.at("photos/closed").c_str(), 0700);
}

TEST_CASE("videos are listed when asked for, by name or else by content") {
  made::temporary_folder t;
  std::string webm = "\x1a\x45\xdf\xa3 and so on";
  for (const char* name : {"a.mp4", "b.MKV", "clip", "photo.jpg", "program.ts"}) t.write(name, webm);
  t.write("code.ts", "const a = 1\n");
  t.write("song.mp3", "ID3\3");
  t.write("picture", made::jpeg());
  t.write("list.m3u8", "#EXTM3U\n");
  fs::create_symlink("nowhere", t.at("link.mov"));
  file_listing pictures = list_files({t.path()}, with(false));
  CHECK(listed(pictures) == texts{"photo.jpg", "picture"});
  CHECK(pictures.other_files == 8);
  listing_options options = with(false);
  options.videos = true;
  file_listing both = list_files({t.path()}, options);
  CHECK(listed(both) ==
        texts{"a.mp4", "b.MKV", "clip", "link.mov: is a link to nothing", "photo.jpg", "picture", "program.ts"});
  CHECK(both.other_files == 3);
  std::vector<file_kind> kinds;
  for (const found_file& f : both.files) kinds.push_back(f.kind);
  using k = file_kind;
  CHECK(kinds == std::vector<k>{k::video, k::video, k::video, k::other, k::picture, k::picture, k::video});
  CHECK(list_files({t.at("photo.jpg")}, options).files.at(0).kind == k::video);
}
