#include "analyze.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <thread>

namespace {

cv::Mat noise(int width, int height, int channels, int seed) {
  cv::Mat m(height, width, CV_8UC(channels));
  cv::RNG(static_cast<std::uint64_t>(seed)).fill(m, cv::RNG::UNIFORM, 0, 256);
  return m;
}

lighting::light run(const cv::Mat& picture) {
  return lighting::analyze().run(flowrun::share(picture.clone()));
}

std::string encoded(const lighting::light& l) {
  std::string bytes;
  flowrun::codec<lighting::light>::encode(l, bytes);
  return bytes;
}

// Every field's documented range.
void check_ranges(const lighting::light& l) {
  CHECK((l.brightness >= 0 && l.brightness <= 255));
  CHECK((l.contrast >= 0 && l.contrast <= 127.5));
  CHECK((0 <= l.p5 && l.p5 <= l.p50 && l.p50 <= l.p95 && l.p95 <= 255));
  CHECK((l.shadows >= 0 && l.shadows <= 1));
  CHECK((l.highlights >= 0 && l.highlights <= 1));
  CHECK((l.key_strength >= 0 && l.key_strength <= 1));
  if (l.key_direction) CHECK((*l.key_direction >= 0 && *l.key_direction < 360));
  if (l.temperature) CHECK((*l.temperature >= 1000 && *l.temperature <= 40000));
  if (l.tint) CHECK(std::abs(*l.tint) <= 0.2);
  CHECK(std::accumulate(l.histogram.begin(), l.histogram.end(), 0.0) == doctest::Approx(1).epsilon(1e-6));
}

}  // namespace

TEST_CASE("the stage says what it is") {
  const flowrun::stage_info s = flowrun::description<lighting::analyze>::made();
  CHECK(s.name == "analyze");
  CHECK_FALSE(s.serial);
  REQUIRE(s.inputs.size() == 1);
  CHECK(s.inputs[0].name == "image");
  CHECK(s.inputs[0].type->name == "flowrun.image/1");
  REQUIRE(s.outputs.size() == 1);
  CHECK(s.outputs[0].name == "light");
  CHECK(s.outputs[0].type->name == "lighting.light/1");
  for (const flowrun::schema& field : s.outputs[0].type->fields.children) CHECK_FALSE(field.doc.empty());
  for (const flowrun::param_info& p : s.params) {
    CHECK_FALSE(p.doc.empty());
    CHECK((p.low && p.high));
  }
}

TEST_CASE("black, white and grey pictures") {
  const lighting::light black = run(cv::Mat(48, 64, CV_8UC3, cv::Scalar(0, 0, 0)));
  CHECK(black.brightness == 0);
  CHECK(black.contrast == 0);
  CHECK(black.shadows == 1);
  CHECK(black.highlights == 0);
  CHECK(black.histogram.front() == 1);
  CHECK_FALSE(black.key_direction);
  CHECK_FALSE(black.temperature);
  CHECK_FALSE(black.tint);

  const lighting::light white = run(cv::Mat(48, 64, CV_8UC3, cv::Scalar(255, 255, 255)));
  CHECK(white.brightness == 255);
  CHECK(white.p5 == 255);
  CHECK(white.highlights == 1);
  CHECK(white.shadows == 0);
  CHECK(white.histogram.back() == 1);
  CHECK_FALSE(white.key_direction);
  CHECK_FALSE(white.temperature);

  const lighting::light grey = run(cv::Mat(48, 64, CV_8UC1, cv::Scalar(100)));
  CHECK(grey.brightness == 100);
  CHECK_FALSE(grey.temperature);
}

TEST_CASE("a clipped share is exact") {
  cv::Mat m(10, 100, CV_8UC3, cv::Scalar(128, 128, 128));
  m.colRange(0, 7).setTo(cv::Scalar(4, 4, 4));
  m.colRange(90, 100).setTo(cv::Scalar(251, 251, 251));
  m.colRange(7, 20).setTo(cv::Scalar(5, 5, 5));
  m.colRange(80, 90).setTo(cv::Scalar(250, 250, 250));
  const lighting::light found = run(m);
  CHECK(found.shadows == 0.07);
  CHECK(found.highlights == 0.1);
}

TEST_CASE("values of pictures of every small size and channel count are within their ranges, never NaN") {
  for (int channels : {1, 3, 4})
    for (const cv::Size& size : {cv::Size(1, 1), cv::Size(1, 2), cv::Size(2, 1), cv::Size(1, 200), cv::Size(200, 1),
                                 cv::Size(3, 2), cv::Size(16, 16), cv::Size(129, 65)})
      for (int seed = 1; seed <= 3; ++seed) check_ranges(run(noise(size.width, size.height, channels, seed)));
}

TEST_CASE("saturated colours are within their ranges, never NaN") {
  for (int b = 0; b < 256; b += 51)
    for (int g = 0; g < 256; g += 51)
      for (int r = 0; r < 256; r += 51) {
        lighting::analyze stage;
        stage.max_tint = 0.2;
        const lighting::light found = stage.run(flowrun::share(cv::Mat(4, 4, CV_8UC3, cv::Scalar(b, g, r))));
        check_ranges(found);
      }
}

TEST_CASE("alpha does not count") {
  cv::Mat bgr = noise(70, 50, 3, 5), bgra;
  cv::Mat alpha = noise(70, 50, 1, 6), planes[] = {bgr, alpha};
  cv::merge(planes, 2, bgra);
  CHECK(encoded(run(bgr)) == encoded(run(bgra)));
}

TEST_CASE("bins are a parameter") {
  lighting::analyze stage;
  stage.bins = 5;
  CHECK(stage.run(flowrun::share(noise(20, 20, 3, 1))).histogram.size() == 5);
}

TEST_CASE("an empty picture is an error") {
  CHECK_THROWS_AS(lighting::analyze().run({}), std::invalid_argument);
}

TEST_CASE("four threads on one stage give the bytes one gives, and leave the pictures as they were") {
  const lighting::analyze stage;
  std::vector<flowrun::image> pictures;
  std::vector<std::string> expected;
  for (int i = 0; i < 24; ++i) {
    pictures.push_back(flowrun::share(noise(40 + 17 * (i % 5), 90 - 11 * (i % 7), i % 3 == 0 ? 1 : 3, i + 1)));
    expected.push_back(encoded(stage.run(pictures.back())));
  }
  const flowrun::image copy = flowrun::share(flowrun::view(pictures[1]).clone());
  std::vector<int> equal(4);
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (std::size_t round = 0; round < 5; ++round)
        for (std::size_t i = 0; i < pictures.size(); ++i) {
          const std::size_t k = (i * 7 + t) % pictures.size();
          equal[t] += encoded(stage.run(pictures[k])) == expected[k];
        }
    });
  for (std::thread& thread : threads) thread.join();
  for (int n : equal) CHECK(n == 5 * 24);
  CHECK(pictures[1] == copy);
}

TEST_CASE("a value survives its binary form") {
  const lighting::light before = run(noise(80, 60, 3, 9));
  const std::string bytes = encoded(before);
  lighting::light after;
  std::string_view rest = bytes;
  flowrun::codec<lighting::light>::decode(after, rest);
  CHECK(rest.empty());
  CHECK(encoded(after) == bytes);
}
