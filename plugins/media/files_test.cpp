// media.files as the runtime drives it: through the library's stamp.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <flowrun/plugin.hpp>

#include "made_files.hpp"
#include "made_videos.hpp"

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
    context.stop_requested = stop;
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
    return size_of(out);
  }
  // "key: WxHxC" or "key: reason" for each item; of a video for each frame, the key with its number.
  std::vector<std::string> all() {
    std::vector<std::string> lines;
    while (auto ref = next()) {
      if (ref->sequence)
        read(*ref, lines);
      else
        lines.push_back(ref->key + ": " + load(*ref));
    }
    return lines;
  }
  void read(const flowrun::item_ref& ref, std::vector<std::string>& lines) {
    try {
      std::shared_ptr<void> reader = info_.open_sequence(info_, self_, ref);
      flowrun::item_ref frame;
      while (info_.next_frame(reader.get(), frame)) {
        flowrun::payload out;
        std::string reason;
        flowrun::call_frame call;
        call.out = &out;
        call.reason = &reason;
        bool loaded = info_.load_frame(reader.get(), call) == flowrun::status::value;
        lines.push_back(ref.key + "#" + std::to_string(frame.seq) + ": " + (loaded ? size_of(out) : reason) + " at " +
                        std::to_string(frame.time_ns / 1'000'000) + " ms");
        CHECK(frame.bytes > 0);
      }
    } catch (const flowrun::run_error& e) {
      lines.push_back(ref.key + ": stop: " + e.what());
    } catch (const std::runtime_error& e) {
      lines.push_back(ref.key + ": " + e.what());
    }
  }

  std::string logged;
  std::function<bool()> stop;

 private:
  static std::string size_of(const flowrun::payload& out) {
    const auto& i = *static_cast<const flowrun::image*>(out.value.get());
    return std::to_string(i.width) + "x" + std::to_string(i.height) + "x" + std::to_string(i.channels);
  }

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
                       "good.jpg: 40x30x3",
                       "huge.png: is 60000 x 60000 px, that is 3600000000 pixels, more than max_pixels (200000000); to "
                       "read it set max_pixels higher",
                       "link.tif: is a link to nothing", "png inside.jpg: 3x2x3",
                       "text.jpg: is named .jpg but holds text", "umlaut.png: is named .png but holds text"});
  CHECK(s.logged ==
        "I found 9 files; passed over: 1 file that is no picture or video, 1 folder (recursive is off), 1 pipe, socket "
        "or "
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
  CHECK(s.logged == "W found no pictures or videos\n");
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

TEST_CASE("one scan of a folder gives stills and the frames of videos, told by content") {
  made::temporary_folder t;
  t.write("a.jpg", made::jpeg());
  made::ffmpeg("-f lavfi -i testsrc2=s=64x48:r=10:d=0.3 -c:v mpeg4 '" + t.at("b.mp4") + "'");
  t.write("c.jpg", made::file_content(t.at("b.mp4")));
  t.write("d.mov", made::jpeg());
  t.write("e.mkv", "these are words\n");
  t.write("f.avi", made::file_content(t.at("b.mp4")).substr(0, 200));
  t.write("g.webm", std::string("\1\2\3\4"));
  made::ffmpeg("-f lavfi -i sine=d=0.1 '" + t.at("h.mp4") + "'");
  t.write("i.mp4", "#EXTM3U\n#EXTINF:1,\n" + t.at("b.mp4") + "\n");
  t.write("song.mp3", "ID3");
  driven_source s;
  s.set("path", t.path()).open();
  CHECK(s.total() == 0);
  CHECK(
      s.all() ==
      std::vector<std::string>{
          "a.jpg: 40x30x3", "b.mp4#0: 64x48x3 at 0 ms", "b.mp4#1: 64x48x3 at 100 ms", "b.mp4#2: 64x48x3 at 200 ms",
          "c.jpg#0: 64x48x3 at 0 ms", "c.jpg#1: 64x48x3 at 100 ms", "c.jpg#2: 64x48x3 at 200 ms", "d.mov: 40x30x3",
          "e.mkv: is named .mkv but holds text",
          "f.avi: cannot be opened as 'mov' (Invalid data found when processing input): the file is cut off or damaged",
          "g.webm: is not a video that flowrun reads (MP4/MOV, Matroska/WebM, AVI, MPEG, Ogg, FLV, ASF/WMV, GIF, Y4M, "
          "NUT, IVF, MXF)",
          "i.mp4: is named .mp4 but holds text"});
  CHECK(s.logged == "I found 9 files; passed over: 1 file that is no picture or video\n");
  driven_source pictures;
  pictures.set("path", t.path()).set("videos", false).open();
  CHECK(pictures.total() == 3);
  CHECK(pictures.all() ==
        std::vector<std::string>{"a.jpg: 40x30x3",
                                 "c.jpg: is not a picture that flowrun reads (JPEG, PNG, WebP, TIFF, BMP)",
                                 "d.mov: 40x30x3"});
  CHECK(pictures.logged == "I found 3 files; passed over: 7 files that are no pictures\n");
}

TEST_CASE("params select and shrink a video's frames") {
  made::temporary_folder t;
  made::ffmpeg("-f lavfi -i testsrc2=s=64x48:r=10:d=2 -c:v mpeg4 '" + t.at("a.mp4") + "'");
  driven_source s;
  s.set("path", t.at("a.mp4")).set("every_nth", std::int64_t{4}).set("max_frames", std::int64_t{2});
  s.set("start", 0.5).set("end", 1.7).set("max_side", std::int64_t{32}).open();
  CHECK(s.all() == std::vector<std::string>{"a.mp4#8: 32x24x3 at 800 ms", "a.mp4#12: 32x24x3 at 1200 ms"});
  driven_source wrong;
  wrong.set("path", t.path()).set("start", 2.0).set("end", 1.5);
  CHECK(wrong.refusal() == "end is not after start: no frame lies between; set end higher, or 0 for all");
}

TEST_CASE("a video that is gone is an error, a vanished root stops the run; a stop ends the reading") {
  made::temporary_folder t;
  made::ffmpeg("-f lavfi -i testsrc2=s=64x48:r=10:d=0.2 -c:v mpeg4 '" + t.at("a.mp4") + "'");
  std::string video = made::file_content(t.at("a.mp4"));
  t.write("videos/a.mp4", video);
  t.write("videos/b.mp4", video);
  bool stopped = false;
  driven_source s;
  s.stop = [&stopped] { return stopped; };
  s.set("path", t.at("videos")).open();
  auto a = s.next(), b = s.next();
  REQUIRE((a && a->sequence && b && b->sequence));
  std::vector<std::string> lines;
  fs::remove(t.at("videos/b.mp4"));
  s.read(*b, lines);
  stopped = true;
  s.read(*a, lines);
  stopped = false;
  fs::rename(t.at("videos"), t.at("elsewhere"));
  s.read(*a, lines);
  CHECK(lines == std::vector<std::string>{
                     "b.mp4: is gone: it was there when the folder was listed",
                     "a.mp4: stop: the folder '" + t.at("videos") + "' is gone: No such file or directory"});
}

TEST_CASE("what selects items is no part of what they hold") {
  std::vector<std::string> selecting;
  flowrun::stage_info files = flowrun_plugin.stages().at(0);
  for (const flowrun::param_info& p : files.params)
    if (p.listing) selecting.push_back(p.name);
  CHECK(selecting ==
        std::vector<std::string>{"path", "paths", "recursive", "videos", "every_nth", "max_frames", "start", "end"});
}
