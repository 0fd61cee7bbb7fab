// Three hours of video: every frame is there.
#include <doctest/doctest.h>

#include "made_files.hpp"
#include "made_videos.hpp"
#include "video_reader.hpp"

TEST_CASE("three seconds looped to three hours give as many frames as ffprobe counts") {
  made::temporary_folder t;
  made::ffmpeg("-f lavfi -i testsrc2=s=64x48:r=25:d=3 -c:v libx264 -preset ultrafast -bf 2 '" + t.at("short.mp4") +
               "'");
  made::ffmpeg("-stream_loop 3599 -i '" + t.at("short.mp4") + "' -c copy '" + t.at("long.mp4") + "'");
  media::video_options all;
  media::video_reader reader(t.at("long.mp4"), all, {});
  std::uint64_t frames = 0;
  for (; reader.next(); ++frames) {
    REQUIRE(reader.index() == frames);
    if (frames % 10007 == 0) CHECK(reader.load().width == 64);
  }
  CHECK(frames == 270'000);
  CHECK(frames == static_cast<std::uint64_t>(made::ffprobe_count(t.at("long.mp4"))));
  CHECK(reader.time_ns() > 10'790'000'000'000);
  all.every_nth = 1000;
  all.start = 10'000;
  media::video_reader some(t.at("long.mp4"), all, {});
  std::uint64_t selected = 0;
  while (some.next()) ++selected;
  CHECK(selected == 20);
}
