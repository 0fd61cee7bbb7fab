#include <doctest/doctest.h>

#include <flowrun/opencv.hpp>
#include <opencv2/imgproc.hpp>
#include <string>

namespace {

cv::Mat random(int width, int height, int channels, unsigned seed) {
  cv::Mat m(height, width, CV_8UC(channels));
  cv::RNG(seed).fill(m, cv::RNG::UNIFORM, 0, 256);
  return m;
}
flowrun::image copy_of(const cv::Mat& m) {
  flowrun::image_buffer b(m.cols, m.rows, m.channels());
  for (int y = 0; y < m.rows; ++y) std::memcpy(b.row(y), m.ptr(y), m.elemSize() * static_cast<std::size_t>(m.cols));
  return std::move(b).freeze();
}
bool same(const flowrun::image& a, const cv::Mat& b) {
  return cv::norm(flowrun::view(a), b, cv::NORM_INF) == 0 && a.channels == b.channels();
}

}  // namespace

TEST_CASE("gray is OpenCV's cvtColor") {
  unsigned seed = 1;
  for (int channels : {3, 4})
    for (const cv::Size size : {cv::Size(1, 1), cv::Size(7, 5), cv::Size(64, 3), cv::Size(641, 97)}) {
      const cv::Mat m = random(size.width, size.height, channels, ++seed);
      cv::Mat expected;
      cv::cvtColor(m, expected, channels == 3 ? cv::COLOR_BGR2GRAY : cv::COLOR_BGRA2GRAY);
      CHECK(same(copy_of(m).gray(), expected));
    }
  // Every value of one channel with extremes of the others.
  cv::Mat all(3 * 4, 256, CV_8UC3), expected;
  for (int y = 0; y < all.rows; ++y)
    for (int x = 0; x < 256; ++x) {
      cv::Vec3b& p = all.at<cv::Vec3b>(y, x);
      p = cv::Vec3b(y & 1 ? 255 : 0, y & 1 ? 255 : 0, y & 2 ? 255 : 0);
      p[y / 4] = static_cast<std::uint8_t>(x);
    }
  cv::cvtColor(all, expected, cv::COLOR_BGR2GRAY);
  CHECK(same(copy_of(all).gray(), expected));
}

TEST_CASE("a grey image is its own gray, an empty one stays empty") {
  const flowrun::image g = copy_of(random(9, 9, 1, 3));
  CHECK(g.gray().pixels == g.pixels);
  CHECK(flowrun::image().gray().empty());
  CHECK(flowrun::image().map([](std::uint8_t v) { return v; }).empty());
  CHECK(flowrun::image() == flowrun::image());
}

TEST_CASE("map goes over every byte and no padding; equality looks at pixels") {
  const cv::Mat wide = random(50, 20, 3, 4);
  const cv::Mat part = wide(cv::Rect(5, 3, 11, 7));
  const flowrun::image strided = flowrun::share(part);
  CHECK(strided.stride == 150);
  CHECK(strided == copy_of(part));
  const flowrun::image inverted =
      strided.map([](std::uint8_t v) -> std::uint8_t { return static_cast<std::uint8_t>(255 - v); });
  CHECK(inverted.stride == 33);
  CHECK(same(inverted, cv::Scalar::all(255) - part));
  CHECK_FALSE(inverted == strided);
  CHECK_FALSE(copy_of(random(4, 4, 1, 1)) == copy_of(random(2, 8, 1, 1)));
  CHECK(same(strided.gray(), copy_of(part).gray().empty() ? cv::Mat() : flowrun::view(copy_of(part).gray())));
  CHECK(bytes(strided) == 150 * 7);
  CHECK(strided.row(2) == part.ptr(2));
}

TEST_CASE("a buffer refuses what is no image") {
  for (const auto& [w, h, c] : {std::tuple(0, 1, 3), {1, 0, 3}, {-1, 5, 1}, {4, 4, 2}, {4, 4, 0}})
    CHECK_THROWS_WITH_AS(flowrun::image_buffer(w, h, c), "an image has a positive size and 1, 3 or 4 channels",
                         std::invalid_argument);
}

TEST_CASE("the bridge to OpenCV copies no pixels and keeps them alive") {
  cv::Mat m = random(30, 10, 3, 5);
  const cv::Mat kept = m.clone();
  const std::uint8_t* at = m.data;
  flowrun::image i = flowrun::share(std::move(m));
  CHECK(i.pixels.get() == at);
  CHECK(flowrun::view(i).data == at);
  const flowrun::image second = i;
  i = {};
  CHECK(same(second, kept));
  CHECK(flowrun::view(flowrun::image()).empty());
  CHECK(flowrun::share(cv::Mat()).empty());
  CHECK(flowrun::share(cv::Mat()).pixels == nullptr);
}

TEST_CASE("the bridge refuses matrices that are no images") {
  const char* text = "an image is a two-dimensional matrix of 8-bit values with 1, 3 or 4 channels";
  CHECK_THROWS_WITH_AS(flowrun::share(cv::Mat(2, 2, CV_32F)), text, std::invalid_argument);
  CHECK_THROWS_WITH_AS(flowrun::share(cv::Mat(2, 2, CV_8UC2)), text, std::invalid_argument);
  const int sides[] = {2, 2, 2};
  CHECK_THROWS_WITH_AS(flowrun::share(cv::Mat(3, sides, CV_8U)), text, std::invalid_argument);
}
