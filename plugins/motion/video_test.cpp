// What motion.flow says about videos that were filmed or rendered; needs the sample videos and the command ffmpeg.
#include <doctest/doctest.h>

#include <cmath>
#include <opencv2/imgproc.hpp>
#include <opencv2/video/background_segm.hpp>

#include "measure.hpp"
#include "video_frames.hpp"

using motion_test::sample_video;
using motion_test::video_frames;

namespace {

struct still_camera_counts {
  int pairs = 0, shifted = 0, cuts = 0;
  double objects = 0, in_foreground = 0;  // pixels
};

// By 8 px.
cv::Mat grow(const cv::Mat& mask) {
  cv::Mat grown;
  cv::dilate(mask, grown, cv::getStructuringElement(cv::MORPH_ELLIPSE, {17, 17}));
  return grown;
}

still_camera_counts watch_street(const motion::measure_settings& settings, int frames) {
  video_frames video(sample_video("vtest.avi"), 768, 576, frames);
  const cv::Ptr<cv::BackgroundSubtractorMOG2> subtractor = cv::createBackgroundSubtractorMOG2(500, 16, false);
  motion::measure_scratch scratch;
  still_camera_counts counts;
  cv::Mat previous, foreground, objects;
  for (cv::Mat current = video.next(); !current.empty(); current = video.next()) {
    subtractor->apply(current, foreground);
    if (!previous.empty()) {
      const motion::frame_motion found = motion::measure(previous, current, settings, scratch).values;
      ++counts.pairs;
      counts.shifted += std::hypot(found.camera_dx, found.camera_dy) > 0.1;
      counts.cuts += found.cut;
      cv::resize(scratch.objects.mask, objects, current.size(), 0, 0, cv::INTER_NEAREST);
      counts.objects += cv::countNonZero(objects);
      counts.in_foreground += cv::countNonZero(objects & grow(foreground));
    }
    previous = current;
  }
  return counts;
}

void check_street(const still_camera_counts& counts, int pairs) {
  CHECK(counts.pairs == pairs);
  CHECK(counts.shifted <= 0.05 * counts.pairs);
  CHECK(counts.cuts == 0);
  CHECK(counts.objects > 0.01 * counts.pairs * 768 * 576);  // people are seen at all
  CHECK(counts.in_foreground >= 0.8 * counts.objects);
}

std::vector<int> cuts_in(const std::string& name, int width, int height, const motion::measure_settings& settings,
                         int frames) {
  video_frames video(sample_video(name), width, height, 10 * frames);
  motion::measure_scratch scratch;
  std::vector<int> cuts;
  cv::Mat previous;
  int i = 0;
  for (;; ++i) {
    const cv::Mat current = video.next();
    if (current.empty()) break;
    if (!previous.empty() && motion::measure(previous, current, settings, scratch).values.cut) cuts.push_back(i);
    previous = current;
  }
  CHECK(i == frames);
  return cuts;
}

motion::measure_settings of_method(const std::string& method, const std::string& preset, int max_side) {
  motion::measure_settings settings;
  settings.method = method;
  settings.preset = preset;
  settings.max_side = max_side;
  return settings;
}

// The first frames of its shots, from 0: black, she, he, she again, he close by; found by looking at every frame.
const std::vector<int> megamind_cuts{1, 98, 154, 200};

}  // namespace

TEST_CASE("a street before a still camera: no camera motion, and objects where there is foreground") {
  check_street(watch_street({}, 201), 200);
}

TEST_CASE("the cuts of a film are found and none else") {
  CHECK(cuts_in("Megamind.avi", 720, 528, {}, 270) == megamind_cuts);
}

TEST_CASE("a hand that comes before the camera is no cut") {
  CHECK(cuts_in("tree.avi", 320, 240, {}, 68).empty());
}

TEST_CASE("long: the whole street, and the film by every method" * doctest::skip()) {
  check_street(watch_street({}, 795), 794);
  check_street(watch_street(of_method("dis", "ultrafast", 640), 201), 200);
  check_street(watch_street(of_method("dis", "medium", 640), 201), 200);
  check_street(watch_street(of_method("farneback", "fast", 640), 201), 200);
  for (int max_side : {160, 320, 0})
    CHECK(cuts_in("Megamind.avi", 720, 528, of_method("dis", "fast", max_side), 270) == megamind_cuts);
  CHECK(cuts_in("Megamind.avi", 720, 528, of_method("dis", "ultrafast", 640), 270) == megamind_cuts);
  CHECK(cuts_in("Megamind.avi", 720, 528, of_method("dis", "medium", 640), 270) == megamind_cuts);
  CHECK(cuts_in("Megamind.avi", 720, 528, of_method("farneback", "fast", 640), 270) == megamind_cuts);
}
