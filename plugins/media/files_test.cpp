// media.files as the runtime drives it: through the library's stamp.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <flowrun/plugin.hpp>

#include "made_files.hpp"

extern "C" const flowrun::plugin_stamp flowrun_plugin;

namespace fs = std::filesystem;

namespace {

class driven_source {
 public:
  driven_source() : info_(flowrun_plugin.stages().at(0)), self_(info_.create()) {}
  driven_source(const driven_source&) = delete;
  driven_source& operator=(const driven_source&) = delete;
  ~driven_source() { info_.destroy(self_); }

  driven_source& set(const std::string& name, const flowrun::param_value& value) {
    for (const flowrun::param_info& p : info_.params)
      if (p.name == name) p.set(p.at, self_, value);
    return *this;
  }
  driven_source& open() {
    flowrun::stage_context context;
    context.log = [this](flowrun::log_level level, std::string_view text) {
      logged += (level == flowrun::log_level::warning ? "W " : "I ") + std::string(text) + "\n";
    };
    info_.open(self_, context);
    return *this;
  }
  std::string refusal() {
    try {
      open();
    } catch (const flowrun::input_error& e) {
      return e.what();
    }
    return "";
  }
  std::uint64_t total() { return info_.total(self_); }
  std::shared_ptr<flowrun::item_ref> next() { return info_.call_next(info_, self_); }
  // "WxHxC", or the reason; "stop: " before it when the run is to stop.
  std::string load(const flowrun::item_ref& ref) {
    const void* in[] = {&ref};
    flowrun::payload out;
    std::string reason;
    flowrun::call_frame frame;
    frame.in = in;
    frame.out = &out;
    frame.reason = &reason;
    if (info_.call(info_, self_, frame) != flowrun::status::value) return (frame.stop_run ? "stop: " : "") + reason;
    const auto& i = *static_cast<const flowrun::image*>(out.value.get());
    return std::to_string(i.width) + "x" + std::to_string(i.height) + "x" + std::to_string(i.channels);
  }
  // "key: WxHxC" or "key: reason" for each item.
  std::vector<std::string> all() {
    std::vector<std::string> lines;
    while (auto ref = next()) lines.push_back(ref->key + ": " + load(*ref));
    return lines;
  }

  std::string logged;

 private:
  flowrun::stage_info info_;
  void* self_;
};

}  // namespace

TEST_CASE("good files become images, bad ones failed items with their reason") {
  made::temporary_folder t;
  t.write("good.jpg", made::jpeg());
  t.write("png inside.jpg", made::encoded(".png", made::picture(3, 2)));
  t.write("cut.jpg", made::jpeg().substr(0, 700));
  t.write("empty.JPEG", "");
  t.write("text.jpg", "these are words\n");
  t.write("umlaut.png", "\xc3\xa4\xc3\xb6");
  t.write("gif.png", std::string("GIF89a\1\0\1\0\0\0\0", 13));
  t.write("huge.png", made::png_header(60000, 60000));
  t.write("notes.txt", "not a picture");
  fs::create_symlink("nowhere", t.at("link.tif"));
  fs::create_directory(t.at("folder"));
  REQUIRE(::mkfifo(t.at("pipe.bmp").c_str(), 0600) == 0);
  driven_source s;
  s.set("path", t.path()).open();
  CHECK(s.total() == 9);
  CHECK(s.all() == std::vector<std::string>{
                       "cut.jpg: is cut off: the file ends before the picture does", "empty.JPEG: is empty",
                       "gif.png: is not a picture that flowrun reads (JPEG, PNG, WebP, TIFF, BMP)", "good.jpg: 40x30x3",
                       "huge.png: is 60000 x 60000 px, that is 3600000000 pixels, more than max_pixels (200000000); to "
                       "read it set max_pixels higher",
                       "link.tif: is a link to nothing", "png inside.jpg: 3x2x3",
                       "text.jpg: is named .jpg but holds text", "umlaut.png: is named .png but holds text"});
  CHECK(s.logged ==
        "I found 9 items; passed over: 1 file that is no picture, 1 folder (recursive is off), 1 pipe, socket or "
        "device\n");
}

TEST_CASE("an item knows size, time and memory before it is loaded") {
  made::temporary_folder t;
  std::string path = t.write("a.jpg", made::jpeg());
  struct timespec times[2] = {{1000, 1}, {1234567890, 987654321}};
  REQUIRE(::utimensat(AT_FDCWD, path.c_str(), times, 0) == 0);
  driven_source s;
  s.set("path", path).set("max_side", std::int64_t{20}).open();
  auto ref = s.next();
  REQUIRE(ref);
  CHECK(ref->key == "a.jpg");
  CHECK(ref->size == made::jpeg().size());
  CHECK(ref->mtime_ns == 1234567890987654321);
  CHECK(ref->bytes == 20 * 15 * 3);
  CHECK(s.load(*ref) == "20x15x3");
  CHECK(s.next() == nullptr);
}

TEST_CASE("nothing to read is a warning") {
  made::temporary_folder t;
  driven_source s;
  s.set("path", t.path()).open();
  CHECK(s.total() == 0);
  CHECK(s.next() == nullptr);
  CHECK(s.logged == "W found no pictures\n");
}

TEST_CASE("exactly one of path and paths") {
  CHECK(driven_source().refusal() == "neither path nor paths is given; set one of them");
  driven_source both;
  both.set("path", std::string("a")).set("paths", std::vector<std::string>{"b"});
  CHECK(both.refusal() == "both path and paths are given; set only one of them");
}

TEST_CASE("what changes after the listing is that item's error, a vanished root stops the run") {
  made::temporary_folder t;
  t.write("photos/a.jpg", made::jpeg());
  t.write("photos/b.jpg", made::jpeg());
  t.write("photos/sub/c.jpg", made::jpeg());
  t.write("photos/sub/d.jpg", made::jpeg());
  driven_source s;
  s.set("path", t.at("photos")).set("recursive", true).open();
  auto a = s.next(), b = s.next(), c = s.next();
  fs::remove(t.at("photos/b.jpg"));
  REQUIRE(::mkfifo(t.at("photos/b.jpg").c_str(), 0600) == 0);
  fs::rename(t.at("photos/sub"), t.at("photos/other"));
  auto d = s.next();
  REQUIRE(d);
  CHECK(d->bytes == 0);
  CHECK(s.load(*b) == "is no regular file any more");
  CHECK(s.load(*c) == "is gone: it was there when the folder was listed");
  CHECK(s.load(*d) == "is gone: it was there when the folder was listed");
  fs::rename(t.at("photos"), t.at("elsewhere"));
  CHECK(s.load(*a) == "stop: the folder '" + t.at("photos") + "' is gone: No such file or directory");
  fs::rename(t.at("elsewhere"), t.at("photos"));
  CHECK(s.load(*a) == "40x30x3");
}

TEST_CASE("a file that may not be read is a failed item") {
  if (::geteuid() == 0) return;  // rights do not bind root
  made::temporary_folder t;
  std::string path = t.write("a.jpg", made::jpeg());
  ::chmod(path.c_str(), 0);
  driven_source s;
  s.set("path", t.path()).open();
  CHECK(s.all() == std::vector<std::string>{"a.jpg: cannot be read: Permission denied"});
}

TEST_CASE("a file too long for any picture is not read") {
  made::temporary_folder t;
  std::string path = t.write("a.jpg", made::jpeg());
  fs::resize_file(path, 5'000'000'000);
  driven_source s;
  s.set("path", t.path()).open();
  CHECK(s.all() == std::vector<std::string>{"a.jpg: is 5000000000 bytes long; a picture may have 2147483647 at "
                                            "max_pixels 200000000"});
}
