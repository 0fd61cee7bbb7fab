#include "link_tree.hpp"

#include <doctest/doctest.h>

#include <flowrun/testing.hpp>
#include <fstream>

namespace fs = std::filesystem;
using output::link_wishes;
using output::links_made;

namespace {

// A folder of media and a run directory; all links below `out`, by name, with their targets relative to the media.
struct place {
  place() {
    context.stage = "people";
    context.out = (top.path() / "run").native();
    context.log = [this](flowrun::log_level level, std::string_view text) {
      CHECK(level == flowrun::log_level::warning);
      logged += text;
    };
    root = fs::canonical(top.path()) / "photos";
    fs::create_directory(root);
    for (const char* file : {"a.jpg", "2024/a.jpg", "clip.mp4"}) put(file);
  }
  void put(const std::string& name) const {
    fs::create_directories((root / name).parent_path());
    std::ofstream(root / name) << "picture";
  }
  links_made make(const link_wishes& wishes) { return output::make_links(wishes, media, "people", context); }
  std::map<std::string, std::string> links() const {
    std::map<std::string, std::string> all;
    for (const auto& entry : fs::recursive_directory_iterator(out()))
      if (entry.is_symlink())
        all[entry.path().lexically_relative(out()).native()] =
            fs::read_symlink(entry.path()).lexically_relative(root).native();
    return all;
  }
  fs::path out() const { return top.path() / "run/people"; }
  std::string fault_of(const link_wishes& wishes) {
    try {
      make(wishes);
    } catch (const std::runtime_error& e) {
      return e.what();
    }
    return "";
  }

  flowrun::testing::temporary_folder top;
  flowrun::stage_context context;
  fs::path root;
  std::string media = (top.path() / "photos").native(), logged;
};

using links = std::map<std::string, std::string>;

}  // namespace

TEST_CASE("each folder has its links, and each leads to the file") {
  place p;
  const links_made made = p.make({{"0000", {"a.jpg", "2024/a.jpg"}}, {"0007", {"a.jpg"}}});
  CHECK(made.folders == 2);
  CHECK(made.links == 3);
  CHECK(made.missing == 0);
  CHECK(p.links() == links{{"0000/2024_a.jpg", "2024/a.jpg"}, {"0000/a.jpg", "a.jpg"}, {"0007/a.jpg", "a.jpg"}});
  CHECK(fs::read_symlink(p.out() / "0007/a.jpg") == p.root / "a.jpg");
  CHECK(p.logged == "");
}

TEST_CASE("a video is linked once; a picture that is called like a frame is itself") {
  place p;
  p.put("odd#7");
  p.put("both.mp4");
  p.put("both.mp4#000001");
  const links_made made = p.make(
      {{"0000", {"clip.mp4#000000", "clip.mp4#000123", "odd#7", "both.mp4#000001", "both.mp4#000002", "a.jpg#"}}});
  CHECK(made.links == 4);
  CHECK(made.missing == 1);
  CHECK(p.links() == links{{"0000/both.mp4", "both.mp4"},
                           {"0000/both.mp4#000001", "both.mp4#000001"},
                           {"0000/clip.mp4", "clip.mp4"},
                           {"0000/odd#7", "odd#7"}});
}

TEST_CASE("media may be a file or a pattern, and a relative path") {
  place p;
  for (const char* media : {"/a.jpg", "/*.jpg", "/20*/[ab].jpg", "/../photos/", "/**"}) {
    p.media = p.root.native() + media;
    CHECK(p.make({{"0000", {"a.jpg"}}}).links == 1);
    CHECK(fs::read_symlink(p.out() / "0000/a.jpg") == p.root / "a.jpg");
  }
  p.media = fs::proximate(p.root).native();
  CHECK(p.make({{"0000", {"a.jpg"}}}).links == 1);
  CHECK(fs::read_symlink(p.out() / "0000/a.jpg") == p.root / "a.jpg");
}

TEST_CASE("keys are any bytes, and lead nowhere else") {
  place p;
  std::ofstream(p.top.path() / "secret") << "secret";
  p.put("\xff\n<b>.jpg");
  p.put("sub/..x.jpg");
  p.put(".hidden.jpg");
  const std::string zero("a\0.jpg", 6);
  const link_wishes wishes = {{"0000",
                               {"../secret", "2024/../../secret", "2024/../a.jpg", "/etc/passwd", "", "..", ".", "2024",
                                zero, "../secret#0001", "\xff\n<b>.jpg", "sub/..x.jpg", ".hidden.jpg"}}};
  const links_made made = p.make(wishes);
  CHECK(made.missing == 10);
  CHECK(p.links() == links{{"0000/\xff\n<b>.jpg", "\xff\n<b>.jpg"},
                           {"0000/_.hidden.jpg", ".hidden.jpg"},
                           {"0000/sub_..x.jpg", "sub/..x.jpg"}});
  CHECK(p.logged == "10 items do not have a file below '" + p.root.native() + "', such as ''; they are not linked");
}

TEST_CASE("names of folders are any bytes, and stay in the folder") {
  place p;
  const std::set<std::string> a = {"a.jpg"};
  p.make({{"..", a}, {"", a}, {"a/b", a}, {"a_b", a}, {".flowrun-files", a}, {"/etc", a}, {"great owl, strix", a}});
  CHECK(p.links() == links{{"_../a.jpg", "a.jpg"},
                           {"_/a.jpg", "a.jpg"},
                           {"_.flowrun-files/a.jpg", "a.jpg"},
                           {"_etc/a.jpg", "a.jpg"},
                           {"a_b/a.jpg", "a.jpg"},
                           {"a_b~2/a.jpg", "a.jpg"},
                           {"great owl, strix/a.jpg", "a.jpg"}});
  CHECK(fs::exists(p.out() / ".flowrun-files"));
}

TEST_CASE("two files of one name get links of two names, always the same") {
  place p;
  p.put("2024_a.jpg");
  for (int run = 0; run < 2; ++run) {
    p.make({{"0000", {"2024_a.jpg", "2024/a.jpg"}}});
    CHECK(p.links() == links{{"0000/2024_a.jpg", "2024/a.jpg"}, {"0000/2024_a~2.jpg", "2024_a.jpg"}});
  }
}

TEST_CASE("links that are no longer right go, and nothing else") {
  place p;
  p.make({{"0000", {"a.jpg", "clip.mp4#1"}}, {"0001", {"a.jpg"}}, {"0002", {"a.jpg"}}});
  std::ofstream(p.out() / "0001/note.txt") << "mine";
  fs::create_symlink(p.root / "a.jpg", p.out() / "0001/my link");
  fs::rename(p.out() / "0002", p.out() / "Anna");  // the user's name for it
  p.make({{"0000", {"a.jpg"}}});
  CHECK(p.links() == links{{"0000/a.jpg", "a.jpg"}, {"0001/my link", "a.jpg"}, {"Anna/a.jpg", "a.jpg"}});
  CHECK(fs::exists(p.out() / "0001/note.txt"));
  CHECK_FALSE(fs::exists(p.out() / "0002"));
  CHECK(p.make({}).folders == 0);
  CHECK(p.links() == links{{"0001/my link", "a.jpg"}, {"Anna/a.jpg", "a.jpg"}});
  CHECK_FALSE(fs::exists(p.out() / "0000"));
}

TEST_CASE("a link follows its file to another folder") {
  place p;
  p.make({{"0000", {"a.jpg"}}});
  const fs::path moved = p.root.parent_path() / "moved";
  fs::rename(p.root, moved);
  p.media = moved.native();
  CHECK(p.make({{"0000", {"a.jpg"}}}).links == 1);
  CHECK(fs::read_symlink(p.out() / "0000/a.jpg") == moved / "a.jpg");
}

TEST_CASE("a file in a link's place stays, whether its link is wanted or not") {
  place p;
  p.make({{"0000", {"a.jpg"}}});
  const fs::path link = p.out() / "0000/a.jpg";
  fs::remove(link);
  std::ofstream(link) << "an edited picture";
  CHECK(p.fault_of({{"0000", {"a.jpg"}}}) ==
        "'" + link.native() + "' is in the way: it is no link any more; move it away");
  p.make({});
  CHECK(fs::is_regular_file(fs::symlink_status(link)));
}

TEST_CASE("media that is not there, or the wrong one, is an error") {
  place p;
  const link_wishes wishes = {{"0000", {"a.jpg", "b.jpg"}}};
  p.media = (p.root / "2024").native();
  fs::remove(p.root / "2024/a.jpg");
  CHECK(p.fault_of(wishes) == "none of 2 items, such as 'a.jpg', has a file below '" + (p.root / "2024").native() +
                                  "'; the param 'media' must be what the source reads, as its param 'path' says it");
  p.media = "no/such";
  CHECK(p.fault_of(wishes) == "the param 'media' is 'no/such', which cannot be found (seen from " +
                                  fs::current_path().native() +
                                  "): No such file or directory; give what the source reads, as its param 'path' says "
                                  "it");
  CHECK_FALSE(fs::exists(p.out()));
}
