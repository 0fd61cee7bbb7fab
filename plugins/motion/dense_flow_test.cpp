#include "dense_flow.hpp"

#include <doctest/doctest.h>

#include <opencv2/core/utility.hpp>

#include "made_frames.hpp"

using namespace motion_test;

namespace {

constexpr double border = 24;  // px: beyond it flow has nothing to hold on to
const cv::Size size(320, 240);

motion::flow_settings settings_of(const std::string& name) {
  motion::flow_settings s;
  if (name == "farneback")
    s.method = name;
  else
    s.preset = name;
  return s;
}

std::vector<double> errors(const std::string& method, const known_motion& known) {
  const wave_texture texture(1, 14, 90);
  const cv::Mat previous = moved_frame(texture, size, {}), current = moved_frame(texture, size, known);
  motion::dense_flow flow;
  return flow_errors(flow.find(previous, current, settings_of(method)), size, known, border);
}

bool equal(const cv::Mat& a, const cv::Mat& b) {
  return a.size() == b.size() && a.type() == b.type() && cv::norm(a, b, cv::NORM_INF) == 0;
}

cv::Mat noise(int width, int height, int seed) {
  cv::Mat m(height, width, CV_8UC1);
  cv::RNG(static_cast<std::uint64_t>(seed)).fill(m, cv::RNG::UNIFORM, 0, 256);
  return m;
}

}  // namespace

TEST_CASE("the flow of shifts by parts of a pixel and by several is within 0.1 px, by both methods") {
  for (const std::string method : {"fast", "medium", "farneback"})
    for (const known_motion& shift : {known_motion{0.3, -0.4}, known_motion{1.37, 2.21}, known_motion{5.25, -3.5}}) {
      CAPTURE(method);
      CAPTURE(shift.dx);
      const std::vector<double> found = errors(method, shift);
      CHECK(mean_of(found) < 0.1);
      CHECK(percentile_of(found, 95) < 0.1);
    }
  CHECK(percentile_of(errors("fast", {12.6, 7.7}), 95) < 0.1);
  CHECK(mean_of(errors("ultrafast", {5.25, -3.5})) < 0.1);
}

TEST_CASE("the flow of a turn by 1 degree and of a zoom by 2 % is within 0.1 px on average, by both methods") {
  for (const std::string method : {"fast", "medium", "farneback"})
    for (const known_motion& known : {known_motion{0, 0, 1}, known_motion{0, 0, 0, 1.02}}) {
      CAPTURE(method);
      CAPTURE(known.degrees);
      CHECK(mean_of(errors(method, known)) < 0.1);
    }
}

TEST_CASE("flow does not depend on what was found before, also not on small frames, at which DIS changes itself") {
  for (const std::string method : {"ultrafast", "fast", "medium", "farneback"}) {
    CAPTURE(method);
    const motion::flow_settings settings = settings_of(method);
    motion::dense_flow used;
    std::vector<cv::Mat> first;
    const cv::Size sizes[] = {{320, 240}, {40, 36}, {64, 200}, {17, 3}, {320, 240}};
    for (int round = 0; round < 2; ++round)
      for (std::size_t i = 0; i < std::size(sizes); ++i) {
        const cv::Mat a = noise(sizes[i].width, sizes[i].height, 1), b = noise(sizes[i].width, sizes[i].height, 2);
        const cv::Mat vectors = used.find(a, b, settings);
        CHECK(vectors.size() == sizes[i]);
        CHECK(vectors.isContinuous());
        CHECK(equal(vectors, motion::dense_flow().find(a, b, settings)));
        if (round == 0)
          first.push_back(vectors);
        else
          CHECK(equal(vectors, first[i]));
      }
  }
}

TEST_CASE("one object serves another method and preset at every call") {
  const cv::Mat a = noise(96, 80, 1), b = noise(96, 80, 2);
  motion::dense_flow used;
  for (const std::string method : {"fast", "medium", "farneback", "ultrafast", "fast"})
    CHECK(equal(used.find(a, b, settings_of(method)), motion::dense_flow().find(a, b, settings_of(method))));
}

TEST_CASE("flow does not depend on the number of OpenCV's threads") {
  const cv::Mat a = noise(320, 240, 1), b = noise(320, 240, 2);
  const int before = cv::getNumThreads();
  for (const std::string method : {"fast", "farneback"}) {
    cv::setNumThreads(1);
    const cv::Mat one = motion::dense_flow().find(a, b, settings_of(method));
    cv::setNumThreads(4);
    CHECK(equal(one, motion::dense_flow().find(a, b, settings_of(method))));
  }
  cv::setNumThreads(before);
}
