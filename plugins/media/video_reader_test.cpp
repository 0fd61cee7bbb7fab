// Videos of many containers and codecs, frame for frame what ffprobe counts, and what is refused.
#include "video_reader.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <stdexcept>

#include "file_kind.hpp"
#include "made_files.hpp"
#include "made_videos.hpp"

using namespace media;

namespace {

struct read_frames {
  std::vector<std::uint64_t> indices;
  std::vector<std::int64_t> times;
  std::vector<std::string> sizes;  // those that follow each other are different
};

read_frames frames_of(const std::string& path, const video_options& options = {}, bool load = false) {
  video_reader reader(path, options, {});
  read_frames f;
  while (reader.next()) {
    f.indices.push_back(reader.index());
    f.times.push_back(reader.time_ns());
    if (!load) continue;
    flowrun::image i = reader.load();
    CHECK(reader.bytes() == static_cast<std::uint64_t>(i.width) * static_cast<std::uint64_t>(i.height) * 3);
    std::string size = std::to_string(i.width) + "x" + std::to_string(i.height);
    if (f.sizes.empty() || f.sizes.back() != size) f.sizes.push_back(size);
  }
  CHECK(!reader.next());
  CHECK(!reader.stopped());
  return f;
}

std::string refusal(const std::string& path, const video_options& options = {}) {
  try {
    frames_of(path, options);
  } catch (const std::runtime_error& e) {
    return e.what();
  }
  return "";
}

std::vector<std::uint64_t> counted(std::size_t n) {
  std::vector<std::uint64_t> all(n);
  for (std::size_t i = 0; i < n; ++i) all[i] = i;
  return all;
}

void check_like_ffprobe(const std::string& path) {
  CAPTURE(path);
  read_frames f = frames_of(path);
  std::vector<std::optional<std::int64_t>> times = made::ffprobe_times(path);
  CHECK(f.indices == counted(times.size()));
  CHECK(!times.empty());
  for (std::size_t i = 0; i < std::min(times.size(), f.times.size()); ++i) {
    if (times[i]) {
      CHECK(f.times[i] == *times[i]);
    } else {
      // AVI and MPEG say when packets are decoded: the last picture has no time where there are B-frames.
      REQUIRE(i > 0);
      CHECK(i + 1 == times.size());
      CHECK(f.times[i] > f.times[i - 1]);
    }
  }
  CHECK(kind_of(made::file_content(path).substr(0, kind_bytes)) == file_kind::video);
}

const std::string source = "-f lavfi -i testsrc2=s=64x48";

}  // namespace

TEST_CASE("sample videos give the frames and times that ffprobe finds") {
  std::string folder = made::samples();
  if (folder.empty()) {
    MESSAGE("not run: set FLOWRUN_SAMPLES to the folder that tests/tools/sample_media.sh prints");
    return;
  }
  for (const char* name : {"Megamind.avi", "Megamind_bugy.avi", "tree.avi", "vtest.avi"})
    check_like_ffprobe(folder + "/" + name);
  CHECK(frames_of(folder + "/vtest.avi", {}, false).times.size() == 795);
}

TEST_CASE("containers, codecs and frame rates give the frames and times that ffprobe finds") {
  made::temporary_folder t;
  struct video {
    const char *name, *arguments;
  };
  for (video v : {
           video{"film.mp4", ":r=24000/1001:d=2 -c:v libx264 -preset ultrafast -bf 2"},
           video{"film.mkv", ":r=24000/1001:d=2 -c:v mpeg4 -bf 2"},
           video{"tv.mp4", ":r=60000/1001:d=0.4 -c:v mpeg4"},
           video{"tv.avi", ":r=60000/1001:d=0.4 -c:v mpeg4 -bf 2"},
           video{"uneven.mp4", ":r=30:d=2 -vf select='not(mod(n\\,3))+eq(mod(n\\,7)\\,1)' -fps_mode vfr -c:v mpeg4"},
           video{"uneven.mkv", ":r=30:d=2 -vf select='not(mod(n\\,3))+eq(mod(n\\,7)\\,1)' -fps_mode vfr -c:v mpeg4"},
           video{"stream.ts", ":r=25:d=0.6 -c:v libx264 -preset ultrafast -bf 2"},
           video{"card.m2ts", ":r=25:d=0.6 -c:v libx264 -preset ultrafast"},
           video{"disc.mpg", ":r=25:d=0.6 -c:v mpeg2video -bf 2"},
           video{"fields.mpg", ":r=25:d=0.6 -c:v mpeg2video -flags +ildct+ilme"},
           video{"free.ogv", ":r=25:d=0.6 -c:v libtheora"},
           video{"old.flv", ":r=25:d=0.6 -c:v flv"},
           video{"windows.wmv", ":r=25:d=0.6 -c:v wmv2"},
           video{"web.webm", ":r=25:d=0.6 -c:v libvpx -deadline realtime"},
           video{"web9.webm", ":r=25:d=0.4 -c:v libvpx-vp9 -deadline realtime -cpu-used 8"},
           video{"raw.ivf", ":r=25:d=0.4 -c:v libvpx -deadline realtime"},
           video{"plain.y4m", ":r=25:d=1"},
           video{"own.nut", ":r=25:d=0.6 -c:v ffv1"},
           video{"apple.mov", ":r=25:d=0.4 -c:v prores -pix_fmt yuv422p10le"},
           video{"deep.mp4", ":r=25:d=0.6 -c:v libx264 -preset ultrafast -pix_fmt yuv420p10le"},
           video{"camera.mxf", ":r=25:d=0.6 -c:v mpeg2video"},
           video{"moving.gif", ":r=10:d=1"},
           video{"still.gif", ":r=10:d=0.1"},
           video{"late.mkv", ":r=25:d=0.6 -c:v mpeg4 -output_ts_offset 5"},
       }) {
    made::ffmpeg(source + v.arguments + " '" + t.at(v.name) + "'");
    check_like_ffprobe(t.at(v.name));
  }
}

TEST_CASE("a sound track beside the video changes nothing") {
  made::temporary_folder t;
  made::ffmpeg(source + ":r=25:d=1 -f lavfi -i sine=d=1.5 -c:v mpeg4 -shortest '" + t.at("a.mp4") + "'");
  check_like_ffprobe(t.at("a.mp4"));
}

TEST_CASE("without timestamps times come from the frame rate") {
  made::temporary_folder t;
  made::ffmpeg(source + ":r=30000/1001:d=0.5 -c:v libx264 -preset ultrafast '" + t.at("a.h264") + "'");
  made::ffmpeg(source + ":r=25:d=0.2 -c:v mpeg2video '" + t.at("a.m2v") + "'");
  std::vector<std::int64_t> times = frames_of(t.at("a.h264")).times;
  REQUIRE(times.size() == 15);
  for (std::size_t i = 0; i < times.size(); ++i)
    CHECK(std::abs(times[i] - static_cast<std::int64_t>(i) * 1'001'000'000 / 30) <= 1);
  CHECK(frames_of(t.at("a.m2v")).times ==
        std::vector<std::int64_t>{0, 40'000'000, 80'000'000, 120'000'000, 160'000'000});
}

TEST_CASE("a file that is cut off gives the frames that ffprobe counts") {
  made::temporary_folder t;
  made::ffmpeg(source + ":r=25:d=2 -f lavfi -i sine=d=2 -c:v libx264 -preset ultrafast -g 10 -movflags +faststart '" +
               t.at("whole.mp4") + "'");
  made::ffmpeg("-i '" + t.at("whole.mp4") + "' -c copy '" + t.at("whole.mkv") + "'");
  made::ffmpeg("-i '" + t.at("whole.mp4") + "' -c copy '" + t.at("whole.ts") + "'");
  made::ffmpeg(source + ":r=25:d=2 -c:v mpeg4 '" + t.at("whole.avi") + "'");
  made::ffmpeg(source + ":r=10:d=2 '" + t.at("whole.gif") + "'");
  std::int64_t frames = 0;
  for (const char* extension : {".mp4", ".mkv", ".ts", ".avi", ".gif"}) {
    std::string whole = made::file_content(t.at(std::string("whole") + extension));
    for (double share : {0.62, 0.97}) {
      std::size_t size = static_cast<std::size_t>(static_cast<double>(whole.size()) * share);
      std::string path = t.write(std::string("cut") + extension, whole.substr(0, size));
      CAPTURE(path);
      CAPTURE(size);
      std::int64_t count = made::ffprobe_count(path);
      frames += count;
      CHECK(frames_of(path).times.size() == static_cast<std::size_t>(count));
    }
  }
  CHECK(frames > 150);
  made::ffmpeg("-i '" + t.at("whole.mp4") + "' -c copy '" + t.at("end.mp4") + "'");
  std::string index_at_the_end = made::file_content(t.at("end.mp4"));
  std::string path = t.write("cut.mp4", index_at_the_end.substr(0, index_at_the_end.size() / 2));
  CHECK(refusal(path) ==
        "cannot be opened as 'mov' (Invalid data found when processing input): the file is cut off or damaged");
}

TEST_CASE("damage in the middle costs the frames that ffprobe misses too") {
  made::temporary_folder t;
  made::ffmpeg(source + ":r=25:d=2 -c:v libx264 -preset ultrafast -g 10 -bf 2 '" + t.at("whole.mkv") + "'");
  made::ffmpeg("-i '" + t.at("whole.mkv") + "' -c copy '" + t.at("whole.ts") + "'");
  for (const char* extension : {".mkv", ".ts"}) {
    std::string bytes = made::file_content(t.at(std::string("whole") + extension));
    for (std::size_t at = bytes.size() / 3; at < bytes.size() * 2 / 3; at += 97) bytes[at] ^= 0x5a;
    std::string path = t.write(std::string("damaged") + extension, bytes);
    CAPTURE(path);
    std::int64_t count = made::ffprobe_count(path);
    CHECK(count > 0);
    CHECK(frames_of(path).times.size() == static_cast<std::size_t>(count));
  }
}

TEST_CASE("files without frames have none") {
  made::temporary_folder t;
  t.write("header.y4m", "YUV4MPEG2 W64 H48 F25:1 Ip A1:1 C420jpeg\n");
  made::ffmpeg("-f lavfi -i sine=d=0.2 '" + t.at("sound.mkv") + "'");
  made::ffmpeg("-f lavfi -i sine=d=0.2 '" + t.at("sound.wav") + "'");
  made::ffmpeg("-f lavfi -i sine=d=0.2 '" + t.at("sound.m4a") + "'");
  made::ffmpeg(
      "-f lavfi -i sine=d=0.2 -f lavfi -i testsrc2=s=64x48:d=0.1 -map 0 -map 1 -frames:v 1 -c:v png "
      "-disposition:v attached_pic '" +
      t.at("cover.mp3") + "'");
  for (const char* name : {"header.y4m", "sound.mkv", "sound.wav", "sound.m4a", "cover.mp3"}) {
    CAPTURE(name);
    CHECK(frames_of(t.at(name)).times.empty());
    CHECK(made::ffprobe_count(t.at(name)) == 0);
  }
  for (const char* name : {"sound.wav", "sound.m4a", "cover.mp3"})
    CHECK(kind_of(made::file_content(t.at(name)).substr(0, kind_bytes)) == file_kind::sound);
}

TEST_CASE("frames that change their size are each given in their own") {
  made::temporary_folder t;
  made::ffmpeg("-f lavfi -i testsrc2=s=64x48:d=0.2 -c:v libx264 -preset ultrafast '" + t.at("a.ts") + "'");
  made::ffmpeg("-f lavfi -i testsrc2=s=98x50:d=0.2 -c:v libx264 -preset ultrafast -output_ts_offset 0.2 '" +
               t.at("b.ts") + "'");
  std::string both = t.write("both.ts", made::file_content(t.at("a.ts")) + made::file_content(t.at("b.ts")));
  read_frames f = frames_of(both, {}, true);
  CHECK(f.sizes == std::vector<std::string>{"64x48", "98x50"});
  CHECK(f.times.size() == 10);
  video_options small;
  small.max_pixels = 64 * 48;
  CHECK(refusal(both, small) ==
        "is 98 x 50 px, that is 4900 pixels, more than max_pixels (3072); to read it set max_pixels higher");
}

TEST_CASE("every_nth, max_frames, start and end select frames") {
  made::temporary_folder t;
  std::string path = t.at("a.mkv");
  made::ffmpeg(source + ":r=10:d=2 -c:v mpeg4 -bf 2 '" + path + "'");
  auto selected = [&path](int every_nth, std::int64_t max_frames, double start, double end) {
    video_options o;
    o.every_nth = every_nth;
    o.max_frames = max_frames;
    o.start = start;
    o.end = end;
    return frames_of(path, o).indices;
  };
  using indices = std::vector<std::uint64_t>;
  CHECK(selected(1, 0, 0, 0) == counted(20));
  CHECK(selected(5, 0, 0, 0) == indices{0, 5, 10, 15});
  CHECK(selected(1, 3, 0, 0) == indices{0, 1, 2});
  CHECK(selected(7, 2, 0, 0) == indices{0, 7});
  CHECK(selected(1, 0, 1.65, 0) == indices{17, 18, 19});
  CHECK(selected(1, 0, 0, 0.3) == indices{0, 1, 2});
  CHECK(selected(4, 0, 0.5, 1.6) == indices{8, 12});
  CHECK(selected(4, 1, 0.5, 1.6) == indices{8});
  CHECK(selected(100, 0, 0, 0) == indices{0});
  CHECK(selected(1, 0, 5, 0) == indices{});
  CHECK(selected(1, 100, 0, 100) == counted(20));
}

TEST_CASE("the header tells the size before anything is decoded") {
  made::temporary_folder t;
  made::ffmpeg("-f lavfi -i testsrc2=s=200x100:d=0.1 -c:v libx264 -preset ultrafast '" + t.at("a.mp4") + "'");
  made::ffmpeg("-i '" + t.at("a.mp4") + "' -c copy -metadata:s:v:0 rotate=90 '" + t.at("turned.mp4") + "'");
  video_options o;
  video_size size = video_reader::size_of(t.at("a.mp4"), o);
  CHECK(size.width == 200);
  CHECK(size.height == 100);
  CHECK(size.bytes == 60000);
  o.max_side = 50;
  size = video_reader::size_of(t.at("turned.mp4"), o);
  CHECK(size.width == 25);
  CHECK(size.height == 50);
  CHECK(size.bytes == 3750);
  CHECK(frames_of(t.at("turned.mp4"), o, true).sizes == std::vector<std::string>{"25x50"});
  made::ffmpeg(source + ":d=0.1 -c:v mpeg4 '" + t.at("size inside.mp4") + "'");
  size = video_reader::size_of(t.at("size inside.mp4"), o);
  CHECK(size.width == 0);
  CHECK(size.bytes == 0);
  o.max_pixels = 19999;
  CHECK(refusal(t.at("a.mp4"), o) ==
        "is 200 x 100 px, that is 20000 pixels, more than max_pixels (19999); to read it set max_pixels higher");
}

TEST_CASE("a stop ends the reading without an error, at once and in the middle") {
  made::temporary_folder t;
  made::ffmpeg(source + ":r=25:d=0.6 -c:v mpeg4 '" + t.at("a.mkv") + "'");
  video_reader never(t.at("a.mkv"), {}, [] { return true; });
  CHECK(!never.next());
  CHECK(never.stopped());
  bool stop = false;
  video_reader reader(t.at("a.mkv"), {}, [&stop] { return stop; });
  CHECK(reader.next());
  stop = true;
  CHECK(!reader.next());
  CHECK(reader.stopped());
}
