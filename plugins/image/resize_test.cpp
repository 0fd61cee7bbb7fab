#include "resize.hpp"

#include <doctest/doctest.h>

#include <flowrun/opencv.hpp>
#include <flowrun/testing.hpp>
#include <opencv2/imgproc.hpp>

using image_resize::resize;
using image_resize::size;

namespace {

flowrun::image noise(int width, int height, int channels) {
  cv::Mat m(height, width, CV_8UC(channels));
  cv::RNG(7).fill(m, cv::RNG::UNIFORM, 0, 256);
  return flowrun::share(m);
}

resize bounded(int max_side, int width, int height, bool enlarge = false) {
  resize r;
  r.max_side = max_side;
  r.width = width;
  r.height = height;
  r.enlarge = enlarge;
  return r;
}

resize stretched(int max_side, int width, int height, bool enlarge = false) {
  resize r = bounded(max_side, width, height, enlarge);
  r.mode = "stretch";
  return r;
}

}  // namespace

// doctest prints values by this.
namespace image_resize {
std::ostream& operator<<(std::ostream& out, const size& s) {
  return out << s.width << " x " << s.height;
}
}  // namespace image_resize

TEST_CASE("the resize stage says what it is") {
  flowrun::testing::stage<resize> s;
  CHECK(s.info().name == "resize");
  CHECK(s.info().shape == flowrun::stage_shape::transform);
  CHECK_FALSE(s.info().serial);
  REQUIRE(s.info().outputs.size() == 1);
  CHECK(s.info().outputs[0].name == "image");
  CHECK(s.info().outputs[0].type->name == "flowrun.image/1");
}

TEST_CASE("fit keeps the proportions within every bound") {
  CHECK(bounded(0, 0, 0).target({400, 300}) == size{400, 300});
  CHECK(bounded(200, 0, 0).target({400, 300}) == size{200, 150});
  CHECK(bounded(200, 0, 0).target({300, 400}) == size{150, 200});
  CHECK(bounded(0, 100, 0).target({400, 300}) == size{100, 75});
  CHECK(bounded(0, 0, 100).target({400, 300}) == size{133, 100});
  CHECK(bounded(0, 100, 100).target({400, 300}) == size{100, 75});
  CHECK(bounded(0, 100, 30).target({400, 300}) == size{40, 30});
  CHECK(bounded(80, 100, 100).target({400, 300}) == size{80, 60});
  CHECK(bounded(10, 0, 0).target({4000, 3}) == size{10, 1});
  CHECK(bounded(1, 0, 0).target({4000, 4000}) == size{1, 1});
}

TEST_CASE("nothing is enlarged unless it is asked for") {
  CHECK(bounded(800, 0, 0).target({400, 300}) == size{400, 300});
  CHECK(bounded(0, 800, 100).target({400, 300}) == size{133, 100});
  CHECK(stretched(0, 800, 100).target({400, 300}) == size{400, 100});
  CHECK(bounded(800, 0, 0, true).target({400, 300}) == size{800, 600});
  CHECK(bounded(0, 800, 1200, true).target({400, 300}) == size{800, 600});
  CHECK(stretched(0, 800, 100, true).target({400, 300}) == size{800, 100});
}

TEST_CASE("stretch goes to width x height") {
  CHECK(stretched(0, 0, 0).target({400, 300}) == size{400, 300});
  CHECK(stretched(0, 100, 100).target({400, 300}) == size{100, 100});
  CHECK(stretched(0, 100, 0).target({400, 300}) == size{100, 300});
  CHECK(stretched(0, 0, 100).target({400, 300}) == size{400, 100});
  CHECK(stretched(50, 100, 200).target({400, 300}) == size{25, 50});
  CHECK(stretched(200, 0, 0).target({400, 300}) == size{200, 150});
}

TEST_CASE("each filter is OpenCV's, on every kind of image") {
  const std::pair<const char*, int> filters[] = {{"area", cv::INTER_AREA},
                                                 {"nearest", cv::INTER_NEAREST},
                                                 {"bilinear", cv::INTER_LINEAR},
                                                 {"bicubic", cv::INTER_CUBIC}};
  for (int channels : {1, 3, 4})
    for (const auto& filter : filters) {
      CAPTURE(channels);
      CAPTURE(filter.first);
      flowrun::testing::stage<resize> s;
      s.set("width", 20).set("height", 31).set("mode", "stretch").set("filter", filter.first).set("enlarge", true);
      flowrun::image in = noise(64, 30, channels);
      cv::Mat expected;
      cv::resize(flowrun::view(in), expected, {20, 31}, 0, 0, filter.second);
      CHECK(s.run(in).get<flowrun::image>() == flowrun::share(expected));
    }
}

TEST_CASE("area is the mean of what falls together") {
  cv::Mat m(2, 4, CV_8U);
  for (int i = 0; i < 8; ++i) m.at<std::uint8_t>(i / 4, i % 4) = static_cast<std::uint8_t>(20 * i);
  flowrun::testing::stage<resize> s;
  s.set("max_side", 2);
  const flowrun::testing::answer a = s.run(flowrun::share(m));
  const flowrun::image& out = a.get<flowrun::image>();
  REQUIRE((out.width == 2 && out.height == 1 && out.channels == 1));
  CHECK(out.row(0)[0] == 50);  // of 0, 20, 80, 100
  CHECK(out.row(0)[1] == 90);  // of 40, 60, 120, 140
}

TEST_CASE("an image of the right size passes without a copy") {
  flowrun::testing::stage<resize> s;
  s.set("max_side", 64);
  flowrun::image in = noise(64, 30, 3);
  const flowrun::testing::answer a = s.run(in);
  CHECK(a.get<flowrun::image>().pixels == in.pixels);
}

TEST_CASE("an image with gaps between its rows") {
  cv::Mat whole(10, 20, CV_8UC3);
  cv::RNG(1).fill(whole, cv::RNG::UNIFORM, 0, 256);
  cv::Mat part = whole(cv::Rect(3, 2, 8, 6));
  flowrun::testing::stage<resize> s;
  s.set("max_side", 4);
  CHECK(s.run(flowrun::share(part)).get<flowrun::image>() == s.run(flowrun::share(part.clone())).get<flowrun::image>());
}

TEST_CASE("what cannot be resized says why") {
  flowrun::testing::stage<resize> s;
  s.set("width", 1 << 20).set("height", 1 << 20).set("mode", "stretch").set("enlarge", true);
  CHECK(
      s.run(noise(4, 3, 3)).reason ==
      "the image (4 x 3 px) would become 1048576 x 1048576 px, more than 2^30 pixels; set smaller bounds, or enlarge: "
      "false");
  CHECK(s.run(flowrun::image{}).reason == "the image is empty (0 x 0 px)");
}

TEST_CASE("many threads give what one gives") {
  flowrun::testing::stage<resize> s;
  s.set("max_side", 33);
  const std::vector<flowrun::image> inputs = {noise(64, 30, 3), noise(31, 90, 1), noise(20, 20, 4)};
  CHECK(flowrun::testing::check_parallel(s, inputs) == "");
}
