// The pixels of frames: turned, scaled, converted.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <flowrun/opencv.hpp>

#include "frame_clock.hpp"
#include "made_files.hpp"
#include "made_videos.hpp"
#include "video_reader.hpp"
#include "video_rotation.hpp"

using namespace media;
using namespace std::string_literals;

namespace {

flowrun::image first_frame(const std::string& path, int max_side = 0) {
  video_options o;
  o.max_side = max_side;
  video_reader reader(path, o, {});
  REQUIRE(reader.next());
  return reader.load();
}

// The largest difference of a byte.
int difference(const flowrun::image& i, const std::string& bgr) {
  REQUIRE(bgr.size() == static_cast<std::size_t>(i.width * i.height * 3));
  int most = 0;
  for (int y = 0; y < i.height; ++y)
    for (int x = 0; x < i.width * 3; ++x)
      most = std::max(
          most, std::abs(i.row(y)[x] - static_cast<unsigned char>(bgr[static_cast<std::size_t>(y * i.width * 3 + x)])));
  return most;
}

std::string ffmpeg_pixels(const std::string& path, const std::string& filter = "null") {
  return made::output_of("ffmpeg -nostdin -v error -i '" + path + "' -frames:v 1 -vf " + filter +
                         " -pix_fmt bgr24 -f rawvideo -");
}

struct colour {
  double y, u, v;
};

// One frame of one colour, 8 or 10 bits; as Y4M.
std::string plain_y4m(int width, int height, colour c, int bits = 8) {
  std::string out = "YUV4MPEG2 W" + std::to_string(width) + " H" + std::to_string(height) + " F25:1 Ip A1:1 " +
                    (bits == 8 ? "C420mpeg2" : "C420p10") + "\nFRAME\n";
  auto plane = [&out, bits](double value, int pixels) {
    for (int i = 0; i < pixels; ++i) out += made::little(static_cast<std::uint32_t>(value), bits == 8 ? 1 : 2);
  };
  plane(c.y, width * height);
  plane(c.u, width * height / 4);
  plane(c.v, width * height / 4);
  return out;
}

// All pixels within 3 of the definition's.
void check_colour(const std::string& path, colour c, double kr, double kb, bool full, double scale = 1) {
  CAPTURE(path);
  double y = c.y / scale, cb = c.u / scale - 128, cr = c.v / scale - 128;
  if (!full) y = (y - 16) * 255 / 219, cb *= 255.0 / 224, cr *= 255.0 / 224;
  double kg = 1 - kr - kb;
  const double bgr[] = {y + 2 * (1 - kb) * cb, y - 2 * (1 - kb) * kb / kg * cb - 2 * (1 - kr) * kr / kg * cr,
                        y + 2 * (1 - kr) * cr};
  flowrun::image i = first_frame(path);
  for (int row : {0, i.height / 2, i.height - 1})
    for (int x = 0; x < i.width; ++x)
      for (int k = 0; k < 3; ++k) REQUIRE(std::abs(i.row(row)[x * 3 + k] - std::clamp(bgr[k], 0.0, 255.0)) <= 3.01);
}

constexpr double kr_601 = 0.299, kb_601 = 0.114, kr_709 = 0.2126, kb_709 = 0.0722, kr_2020 = 0.2627, kb_2020 = 0.0593;

}  // namespace

TEST_CASE("rotated videos stand upright") {
  made::temporary_folder t;
  std::string plain = t.at("plain.mp4");
  made::ffmpeg("-f lavfi -i testsrc2=s=64x48:d=0.2 -c:v libx264 -preset ultrafast -qp 10 '" + plain + "'");
  CHECK(difference(first_frame(plain), ffmpeg_pixels(plain)) == 0);
  struct turn {
    const char *angle, *filter;
    int width;
  };
  for (turn r :
       {turn{"90", "transpose=cclock", 48}, turn{"180", "hflip,vflip", 64}, turn{"270", "transpose=clock", 48}}) {
    CAPTURE(r.angle);
    std::string path = t.at("turned"s + r.angle + ".mp4");
    made::ffmpeg("-i '" + plain + "' -c copy -metadata:s:v:0 rotate=" + r.angle + " '" + path + "'");
    flowrun::image i = first_frame(path);
    CHECK(i.width == r.width);
    // ffmpeg turns before it converts, so chroma differs a little; the turned frame of the plain video is exact.
    CHECK(difference(i, ffmpeg_pixels(plain, "format=bgr24,"s + r.filter)) == 0);
    CHECK(difference(i, ffmpeg_pixels(path)) <= 60);
  }
}

TEST_CASE("a display matrix is one of EXIF's eight orientations") {
  constexpr int one = 1 << 16;
  auto orientation = [](int a, int b, int c, int d) {
    const std::int32_t matrix[] = {a, b, 0, c, d, 0, 0, 0, 1 << 30};
    return orientation_of_matrix(matrix);
  };
  CHECK(orientation(one, 0, 0, one) == 1);
  CHECK(orientation(-one, 0, 0, one) == 2);
  CHECK(orientation(-one, 0, 0, -one) == 3);
  CHECK(orientation(one, 0, 0, -one) == 4);
  CHECK(orientation(0, one, one, 0) == 5);
  CHECK(orientation(0, one, -one, 0) == 6);
  CHECK(orientation(0, -one, -one, 0) == 7);
  CHECK(orientation(0, -one, one, 0) == 8);
  CHECK(orientation(one, one / 10, -one / 10, one) == 1);
  CHECK(orientation(one / 10, one, -one, one / 10) == 6);
  CHECK(orientation(0, 0, 0, 0) == 1);
  constexpr int least = std::numeric_limits<std::int32_t>::min();
  CHECK(orientation(least, 0, 0, least) == 3);
}

TEST_CASE("matrix and range are the stream's, by height where it says none") {
  made::temporary_folder t;
  constexpr colour c{120, 90, 180}, deep{480, 360, 720};
  check_colour(t.write("small.y4m", plain_y4m(64, 48, c)), c, kr_601, kb_601, false);
  check_colour(t.write("large.y4m", plain_y4m(64, 720, c)), c, kr_709, kb_709, false);
  check_colour(t.write("odd.y4m", plain_y4m(50, 48, c)), c, kr_601, kb_601, false);
  check_colour(t.write("deep.y4m", plain_y4m(64, 48, deep, 10)), deep, kr_601, kb_601, false, 4);
  auto tagged = [&t](const char* name, const char* tags) {
    made::ffmpeg("-i '" + t.at("small.y4m") + "' -vf setparams=" + tags + " -c:v ffv1 '" + t.at(name) + "'");
    return t.at(name);
  };
  check_colour(tagged("709.mkv", "colorspace=bt709"), c, kr_709, kb_709, false);
  check_colour(tagged("601.mkv", "colorspace=smpte170m"), c, kr_601, kb_601, false);
  check_colour(tagged("2020.mkv", "colorspace=bt2020nc"), c, kr_2020, kb_2020, false);
  check_colour(tagged("full.mkv", "colorspace=bt709:range=pc"), c, kr_709, kb_709, true);
  // HDR: converted as if it were not.
  check_colour(tagged("pq.mkv", "colorspace=bt2020nc:color_trc=smpte2084:color_primaries=bt2020"), c, kr_2020, kb_2020,
               false);
}

TEST_CASE("grey, RGB and alpha") {
  made::temporary_folder t;
  auto made = [&t](const char* name, const std::string& arguments) {
    made::ffmpeg("-f lavfi -i " + arguments + " -frames:v 1 '" + t.at(name) + "'");
    return first_frame(t.at(name));
  };
  auto pixel = [](const flowrun::image& i) { return std::vector<int>{i.row(20)[30], i.row(20)[31], i.row(20)[32]}; };
  using bgr = std::vector<int>;
  CHECK(pixel(made("grey.mkv", "color=0x646464:s=64x48,format=gray -c:v ffv1")) == bgr{102, 102, 102});
  CHECK(pixel(made("rgb.avi", "color=0x0a64c8:s=64x48,format=bgr24 -c:v rawvideo")) == bgr{200, 100, 10});
  CHECK(pixel(made("half.mov", "color=0x0a64c8@0.5:s=64x48,format=rgba -c:v png")) == bgr{228, 178, 133});
  CHECK(pixel(made("clear.avi", "color=0x0a64c8@0:s=64x48,format=bgra -c:v rawvideo -pix_fmt bgra")) ==
        bgr{200, 100, 10});
  // A GIF of one transparent pixel.
  std::string gif = "GIF89a\1\0\1\0\x80\0\0\0\0\0\0\0\0!\xf9\4\1\0\0\0\0,\0\0\0\0\1\0\1\0\0\2\2D\1\0;"s;
  flowrun::image i = first_frame(t.write("clear.gif", gif));
  CHECK(bgr{i.row(0)[0], i.row(0)[1], i.row(0)[2]} == bgr{255, 255, 255});
}

TEST_CASE("frames of an animated GIF are composed") {
  made::temporary_folder t;
  std::string path = t.at("a.gif");
  made::ffmpeg("-f lavfi -i testsrc2=s=64x48:r=10:d=0.5 '" + path + "'");
  std::string all = made::output_of("ffmpeg -nostdin -v error -i '" + path +
                                    "' -fps_mode passthrough -pix_fmt bgr24 "
                                    "-f rawvideo -");
  video_reader reader(path, {}, {});
  constexpr std::size_t frame_bytes = 64 * 48 * 3;
  std::size_t frames = 0;
  for (; reader.next(); ++frames) CHECK(difference(reader.load(), all.substr(frames * frame_bytes, frame_bytes)) == 0);
  CHECK(frames * frame_bytes == all.size());
  CHECK(frames == 5);
}

TEST_CASE("max_side averages by area, after the conversion") {
  made::temporary_folder t;
  made::ffmpeg("-f lavfi -i testsrc2=s=128x96:d=0.1 -c:v mpeg4 -qscale 2 '" + t.at("a.mkv") + "'");
  flowrun::image whole = first_frame(t.at("a.mkv")), half = first_frame(t.at("a.mkv"), 64);
  REQUIRE(half.width == 64);
  REQUIRE(half.height == 48);
  for (int y = 0; y < 48; ++y)
    for (int x = 0; x < 64 * 3; ++x) {
      int k = x % 3, at = x / 3 * 6 + k;
      int sum =
          whole.row(2 * y)[at] + whole.row(2 * y)[at + 3] + whole.row(2 * y + 1)[at] + whole.row(2 * y + 1)[at + 3];
      REQUIRE(std::abs(half.row(y)[x] - sum / 4.0) <= 0.5);
    }
  CHECK(first_frame(t.at("a.mkv"), 1000).width == 128);
}

TEST_CASE("a clock survives what containers say") {
  constexpr auto none = AV_NOPTS_VALUE;
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  frame_clock plain({1, 1000}, 500, {25, 1});
  CHECK(plain.time_ns(500, 0) == 0);
  CHECK(plain.time_ns(none, 1) == 40'000'000);
  CHECK(plain.time_ns(600, 2) == 100'000'000);
  CHECK(plain.time_ns(none, 4) == 180'000'000);
  CHECK(plain.time_ns(400, 5) == -100'000'000);
  frame_clock unknown_start({1, 1000}, none, {0, 0});
  CHECK(unknown_start.time_ns(700, 0) == 0);
  CHECK(unknown_start.time_ns(701, 1) == 1'000'000);
  frame_clock broken({1, 1}, -5, {25, 1});
  CHECK(broken.time_ns(most, 0) == 0);
  CHECK(broken.time_ns(most - 10, 1) == 40'000'000);
  frame_clock without_base({0, 0}, 0, {50, 1});
  CHECK(without_base.time_ns(7, 3) == 60'000'000);
}
