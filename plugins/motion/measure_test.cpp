#include "measure.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <opencv2/imgproc.hpp>

#include "made_frames.hpp"

using namespace motion_test;

namespace {

const cv::Size size(320, 240);

motion::measured run(const cv::Mat& previous, const cv::Mat& current, motion::measure_settings settings = {}) {
  motion::measure_scratch scratch;
  return motion::measure(previous, current, settings, scratch);
}

// A preset of dis, or farneback.
motion::measure_settings of_method(const std::string& name) {
  motion::measure_settings settings;
  if (name == "farneback")
    settings.method = name;
  else
    settings.preset = name;
  return settings;
}

// A still or moving ground of one texture, and on it a rectangle of another, `shift` further in the current frame.
cv::Mat with_object(const known_motion& ground, cv::Rect object, cv::Point2d shift) {
  cv::Mat frame = moved_frame(wave_texture(1, 14, 90), size, ground);
  const wave_texture other(2, 10, 40);
  for (int y = 0; y < size.height; ++y)
    for (int x = 0; x < size.width; ++x) {
      const cv::Point2d p(x - shift.x, y - shift.y);
      if (p.x >= object.x && p.y >= object.y && p.x < object.x + object.width && p.y < object.y + object.height)
        frame.at<std::uint8_t>(y, x) = cv::saturate_cast<std::uint8_t>(other.at(p.x, p.y));
    }
  return frame;
}

}  // namespace

TEST_CASE("camera motion of a moved picture: within 0.1 px and 0.05 degrees, by both methods") {
  for (const std::string method : {"fast", "farneback"})
    for (const known_motion& known :
         {known_motion{}, known_motion{0.3, -0.4}, known_motion{5.25, -3.5}, known_motion{0, 0, 1},
          known_motion{1.5, -2, 3}, known_motion{0, 0, 0, 1.02}, known_motion{-3.3, 1.7, -1.5, 0.97}}) {
      CAPTURE(method);
      CAPTURE(known.dx);
      CAPTURE(known.degrees);
      const wave_texture texture(1, 14, 90);
      const motion::frame_motion found =
          run(moved_frame(texture, size, {}), moved_frame(texture, size, known), of_method(method)).values;
      CHECK(std::abs(found.camera_dx - known.dx) < 0.1);
      CHECK(std::abs(found.camera_dy - known.dy) < 0.1);
      CHECK(std::abs(found.camera_rotation - known.degrees) < 0.05);
      CHECK(std::abs(found.camera_scale - known.scale) < 0.001);
      CHECK(found.camera_support > 0.9);
      CHECK(found.object_share < 0.01);
      CHECK_FALSE(found.cut);
    }
}

TEST_CASE("frames made smaller give results in px of the original frame") {
  const cv::Size full(960, 720);
  const known_motion known{6.3, -4.2};
  const wave_texture texture(1, 30, 90);
  motion::measure_settings settings;
  for (int max_side : {0, 640, 480}) {
    settings.max_side = max_side;
    const motion::measured found = run(moved_frame(texture, full, {}), moved_frame(texture, full, known), settings);
    CHECK(found.vectors.cols == (max_side ? max_side : 960));
    CHECK(mean_of(flow_errors(found.vectors, full, known, 60)) < 0.1);
    CHECK(std::abs(found.values.camera_dx - known.dx) < 0.1);
    CHECK(std::abs(found.values.camera_dy - known.dy) < 0.1);
    CHECK(found.values.mean_magnitude == doctest::Approx(std::hypot(known.dx, known.dy)).epsilon(0.02));
    CHECK(*found.values.direction == doctest::Approx(std::atan2(-known.dy, known.dx) * 180 / CV_PI).epsilon(0.02));
  }
}

TEST_CASE("an object that moves on its own is told from the camera's motion, by both methods") {
  const cv::Rect object(80, 50, 150, 120);
  const cv::Point2d shift(5, -3);
  for (const std::string method : {"fast", "medium", "farneback"})
    for (const known_motion& ground : {known_motion{}, known_motion{-2.5, 1.5}}) {
      CAPTURE(method);
      CAPTURE(ground.dx);
      motion::measure_scratch scratch;
      const motion::measured found =
          motion::measure(with_object({}, object, {}), with_object(ground, object, shift), of_method(method), scratch);
      CHECK(std::abs(found.values.camera_dx - ground.dx) < 0.1);
      CHECK(std::abs(found.values.camera_dy - ground.dy) < 0.1);
      const double true_share = object.area() / static_cast<double>(size.area());
      CHECK(found.values.object_share > 0.85 * true_share);
      CHECK(found.values.object_share < 1.35 * true_share);

      cv::Mat near_object = cv::Mat::zeros(size, CV_8UC1);
      cv::rectangle(near_object, cv::Rect(object.x - 12, object.y - 12, object.width + 24, object.height + 24), 255,
                    -1);
      CHECK(cv::countNonZero(scratch.objects.mask & ~near_object) < 0.05 * object.area());

      const int patch = 32;  // px, of fast's finest level; a patch across the object's edge mixes both motions
      const cv::Rect inner(object.x + patch, object.y + patch, object.width - 2 * patch, object.height - 2 * patch);
      double sum = 0;
      for (int y = inner.y; y < inner.y + inner.height; ++y)
        for (int x = inner.x; x < inner.x + inner.width; ++x) {
          const auto& v = found.vectors.at<cv::Vec2f>(y, x);
          sum += std::hypot(double{v[0]} - shift.x, double{v[1]} - shift.y);
        }
      CHECK(sum / inner.area() < (method == "fast" ? 0.15 : 0.1));
    }
}

TEST_CASE("equal frames do not move, whatever they show") {
  for (const std::string method : {"fast", "farneback"}) {
    const cv::Mat frame = moved_frame(wave_texture(4, 10, 60), size, {});
    const motion::frame_motion found = run(frame, frame.clone(), of_method(method)).values;
    CHECK(found.mean_magnitude < 0.01);
    CHECK(std::hypot(found.camera_dx, found.camera_dy) < 0.001);
    CHECK(found.object_share == 0);
    CHECK(found.cut_score < 0.001);
  }
}

TEST_CASE("pictures without texture: no motion, and a cut where black turns white") {
  const cv::Mat black(48, 64, CV_8UC3, cv::Scalar::all(0)), white(48, 64, CV_8UC3, cv::Scalar::all(255));
  const motion::frame_motion same = run(black, black.clone()).values;
  CHECK(same.max_magnitude == 0);
  CHECK_FALSE(same.direction);
  CHECK(same.camera_dx == 0);
  CHECK(same.camera_scale == 1);
  CHECK(same.object_share == 0);
  CHECK(same.cut_score == 0);
  CHECK_FALSE(same.cut);
  const motion::frame_motion other = run(black, white).values;
  CHECK(other.max_magnitude == 0);
  CHECK(other.cut_score > 0.99);
  CHECK(other.cut);
}

TEST_CASE("another texture is a cut; less light, noise and blur are not") {
  const cv::Mat one = moved_frame(wave_texture(1, 14, 90), size, {}),
                other = moved_frame(wave_texture(9, 14, 90), size, {});
  CHECK(run(one, other).values.cut_score > 0.5);
  cv::Mat dark, noisy, blurred, grain(size, CV_8UC1);
  const cv::Mat moved = moved_frame(wave_texture(1, 14, 90), size, {4, 2});
  moved.convertTo(dark, -1, 0.7);
  cv::RNG(1).fill(grain, cv::RNG::UNIFORM, 0, 40);
  noisy = moved + grain - 20;
  cv::blur(moved, blurred, {9, 1});
  for (const cv::Mat& m : {moved, dark, noisy, blurred}) CHECK(run(one, m).values.cut_score < 0.25);
  motion::measure_settings settings;
  settings.scene_cut = 0;
  CHECK(run(one, one, settings).values.cut);
}

TEST_CASE("grey, BGR and BGRA frames, and frames with a stride, give the same values") {
  const cv::Mat a = moved_frame(wave_texture(1, 14, 90), size, {}),
                b = moved_frame(wave_texture(1, 14, 90), size, {2, 1});
  const double expected = run(a, b).values.mean_magnitude;
  const auto as = [](const cv::Mat& m, int conversion) {
    cv::Mat out;
    cv::cvtColor(m, out, conversion);
    return out;
  };
  CHECK(run(as(a, cv::COLOR_GRAY2BGR), as(b, cv::COLOR_GRAY2BGR)).values.mean_magnitude == expected);
  CHECK(run(as(a, cv::COLOR_GRAY2BGRA), b).values.mean_magnitude == expected);
  cv::Mat wide(size.height, size.width + 13, CV_8UC1);
  a.copyTo(wide(cv::Rect(5, 0, size.width, size.height)));
  CHECK(run(wide(cv::Rect(5, 0, size.width, size.height)), b).values.mean_magnitude == expected);
}

TEST_CASE("frames of every small size have values within their ranges, never NaN") {
  for (const std::string method : {"fast", "farneback"})
    for (int channels : {1, 3, 4})
      for (const cv::Size& small : {cv::Size(1, 1), cv::Size(1, 2), cv::Size(2, 1), cv::Size(16, 16), cv::Size(200, 1),
                                    cv::Size(1, 200), cv::Size(700, 3), cv::Size(33, 31), cv::Size(91, 40)})
        for (int max_side : {0, 1, 20, 640}) {
          CAPTURE(method);
          CAPTURE(small.width);
          CAPTURE(small.height);
          CAPTURE(max_side);
          cv::Mat a(small, CV_8UC(channels)), b(small, CV_8UC(channels));
          cv::RNG numbers(3);
          numbers.fill(a, cv::RNG::UNIFORM, 0, 256);
          numbers.fill(b, cv::RNG::UNIFORM, 0, 256);
          motion::measure_settings settings = of_method(method);
          settings.max_side = max_side;
          const motion::measured found = run(a, b, settings);
          CHECK(cv::checkRange(found.vectors));
          const motion::frame_motion& v = found.values;
          CHECK((v.mean_magnitude >= 0 && v.mean_magnitude <= v.max_magnitude && std::isfinite(v.max_magnitude)));
          CHECK((std::isfinite(v.camera_dx) && std::isfinite(v.camera_dy)));
          CHECK((v.camera_rotation >= -180 && v.camera_rotation <= 180));
          CHECK((v.camera_scale >= 0 && std::isfinite(v.camera_scale)));
          for (double share : {v.moving, v.direction_strength, v.camera_support, v.object_share, v.cut_score})
            CHECK((share >= 0 && share <= 1));
          CHECK((v.mean_residue >= 0 && std::isfinite(v.mean_residue)));
        }
}

TEST_CASE("values do not depend on what the scratch held before") {
  motion::measure_scratch used;
  const cv::Mat a = with_object({}, {100, 80, 90, 70}, {}), b = with_object({1, 1}, {100, 80, 90, 70}, {4, 4});
  motion::measure(cv::Mat(700, 900, CV_8UC3, cv::Scalar(9, 99, 199)), cv::Mat::zeros(700, 900, CV_8UC3), {}, used);
  motion::measure(a(cv::Rect(0, 0, 20, 20)), b(cv::Rect(0, 0, 20, 20)), {}, used);
  const motion::measured again = motion::measure(a, b, {}, used), fresh = run(a, b);
  std::string one, other;
  flowrun::codec<motion::frame_motion>::encode(again.values, one);
  flowrun::codec<motion::frame_motion>::encode(fresh.values, other);
  CHECK(one == other);
  CHECK(cv::norm(again.vectors, fresh.vectors, cv::NORM_INF) == 0);
}

TEST_CASE("empty frames, other formats and frames of two sizes are refused") {
  const cv::Mat frame(20, 30, CV_8UC1, cv::Scalar(1));
  CHECK_THROWS_WITH_AS(run({}, {}), "an empty picture has no motion", std::invalid_argument);
  CHECK_THROWS_WITH_AS(run(frame, cv::Mat::zeros(20, 30, CV_16UC1)), "a picture has 1, 3 or 4 channels of 8 bits",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(run(frame, cv::Mat::zeros(21, 30, CV_8UC1)), "the frames differ in size", std::invalid_argument);
}
