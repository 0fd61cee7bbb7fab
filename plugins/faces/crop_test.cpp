#include "crop.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <flowrun/opencv.hpp>
#include <flowrun/testing.hpp>
#include <limits>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

using faces::crops;
using faces::face;
using faces::face_list;

namespace {

const cv::Scalar skin(80, 120, 200), wall(200, 60, 40);

cv::Mat picture_with_face(cv::Rect at, cv::Size size = {100, 80}) {
  cv::Mat picture(size, CV_8UC3, wall);
  cv::rectangle(picture, at, skin, cv::FILLED);
  return picture;
}

face box(float x, float y, float w, float h) {
  face f;
  f.x = x;
  f.y = y;
  f.w = w;
  f.h = h;
  return f;
}

face_list found_in(const cv::Mat& picture, std::vector<face> list) {
  return {picture.cols, picture.rows, std::move(list)};
}

cv::Mat read_back(const crops& made, std::size_t i = 0) {
  return cv::imdecode(made.list.at(i).jpeg, cv::IMREAD_UNCHANGED);
}

bool alike(const cv::Mat& jpeg, cv::Point at, const cv::Scalar& colour) {
  const auto v = jpeg.at<cv::Vec3b>(at);
  for (int c = 0; c < 3; ++c)
    if (std::abs(v[c] - colour[c]) > 28) return false;
  return true;
}

}  // namespace

TEST_CASE("faces.crop: a square with a margin, not enlarged") {
  flowrun::testing::stage<faces::crop_faces> s;
  const cv::Mat picture = picture_with_face({40, 30, 20, 10});
  const auto answer = s.run(flowrun::share(picture), found_in(picture, {box(40, 30, 20, 10)}));
  const cv::Mat crop = read_back(answer.get<crops>());
  REQUIRE(crop.size() == cv::Size(32, 32));  // 20 * (1 + 2 * 0.3)
  CHECK(crop.channels() == 3);
  CHECK(alike(crop, {16, 16}, skin));
  CHECK(alike(crop, {8, 16}, skin));
  CHECK(alike(crop, {2, 16}, wall));
  CHECK(alike(crop, {16, 2}, wall));
  CHECK(alike(crop, {16, 29}, wall));
}

TEST_CASE("faces.crop: a large face is made smaller, by averaging") {
  flowrun::testing::stage<faces::crop_faces> s;
  s.set("margin", 0.0).set("size", 50).set("quality", 100);
  cv::Mat board(400, 400, CV_8UC3);
  for (int y = 0; y < board.rows; ++y)
    for (int x = 0; x < board.cols; ++x) board.at<cv::Vec3b>(y, x) = cv::Vec3b::all((x + y) % 2 ? 255 : 0);
  const auto answer = s.run(flowrun::share(board), found_in(board, {box(0, 0, 400, 400)}));
  const cv::Mat crop = read_back(answer.get<crops>());
  REQUIRE(crop.size() == cv::Size(50, 50));
  double low = 0, high = 0;
  cv::minMaxLoc(crop.reshape(1), &low, &high);
  CHECK(low >= 126);
  CHECK(high <= 129);
}

TEST_CASE("faces.crop: the outermost pixels are repeated, and the face is in the middle") {
  flowrun::testing::stage<faces::crop_faces> s;
  const cv::Mat picture = picture_with_face({0, 0, 10, 10});
  const auto answer = s.run(flowrun::share(picture),
                            found_in(picture, {box(-10, -10, 20, 20), box(95, 75, 20, 20), box(300, -200, 20, 20)}));
  const auto& made = answer.get<crops>();
  REQUIRE(made.list.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) CHECK(read_back(made, i).size() == cv::Size(32, 32));
  const cv::Mat corner = read_back(made, 0);
  CHECK(alike(corner, {1, 1}, skin));
  CHECK(alike(corner, {23, 23}, skin));
  CHECK(alike(corner, {29, 29}, wall));
  for (std::size_t i : {1, 2})
    for (int at : {0, 16, 31}) CHECK(alike(read_back(made, i), {at, at}, wall));
}

TEST_CASE("faces.crop: without faces the list is empty, whatever the size says") {
  flowrun::testing::stage<faces::crop_faces> s;
  const cv::Mat picture = picture_with_face({0, 0, 1, 1});
  CHECK(s.run(flowrun::share(picture), face_list{}).get<crops>().list.empty());
  CHECK(s.run(flowrun::share(picture), found_in(picture, {})).get<crops>().list.empty());
}

TEST_CASE("faces.crop: grey and transparent pictures, and a picture of one pixel") {
  flowrun::testing::stage<faces::crop_faces> s;
  const cv::Mat grey(40, 40, CV_8UC1, cv::Scalar(90)), clear(40, 40, CV_8UC4, cv::Scalar(80, 120, 200, 9));
  const auto of_grey = s.run(flowrun::share(grey), found_in(grey, {box(10, 10, 10, 10)}));
  const cv::Mat crop = read_back(of_grey.get<crops>());
  CHECK(crop.channels() == 1);
  CHECK(crop.at<std::uint8_t>(8, 8) == 90);
  const auto of_clear = s.run(flowrun::share(clear), found_in(clear, {box(10, 10, 10, 10)}));
  CHECK(read_back(of_clear.get<crops>()).channels() == 3);
  CHECK(alike(read_back(of_clear.get<crops>()), {8, 8}, skin));
  const cv::Mat one(1, 1, CV_8UC3, skin);
  const auto of_one = s.run(flowrun::share(one), found_in(one, {box(0, 0, 1, 1)}));
  CHECK(alike(read_back(of_one.get<crops>()), {0, 0}, skin));
}

TEST_CASE("faces.crop: quality makes smaller files") {
  cv::Mat noise(80, 100, CV_8UC3);
  cv::theRNG().state = 1;
  cv::randu(noise, 0, 255);
  std::size_t bytes[2] = {};
  for (int i = 0; i < 2; ++i) {
    flowrun::testing::stage<faces::crop_faces> s;
    s.set("quality", i == 0 ? 20 : 95);
    const auto answer = s.run(flowrun::share(noise), found_in(noise, {box(10, 10, 50, 50)}));
    bytes[i] = answer.get<crops>().list.at(0).jpeg.size();
  }
  CHECK(bytes[0] * 2 < bytes[1]);
}

TEST_CASE("faces.crop: what does not fit together is the item's error") {
  flowrun::testing::stage<faces::crop_faces> s;
  const cv::Mat picture = picture_with_face({0, 0, 1, 1});
  const flowrun::image image = flowrun::share(picture);
  CHECK(s.run(image, face_list{640, 480, {box(0, 0, 9, 9)}}).reason ==
        "the image is 100 x 80 px, the faces are of one of 640 x 480 px; wire the image that the faces were found in");
  CHECK(s.run(image, found_in(picture, {box(0, 0, 9, 9), box(1, 2, 0, 5)})).reason ==
        "the box of face 1 (x 1.000000, y 2.000000, 0.000000 x 5.000000 px) is not one of a picture of 100 x 80 px");
  const float nan = std::numeric_limits<float>::quiet_NaN(), inf = std::numeric_limits<float>::infinity();
  for (const face& f : {box(nan, 0, 9, 9), box(0, inf, 9, 9), box(0, 0, nan, 9), box(0, 0, 9, nan), box(0, 0, inf, 9),
                        box(0, 0, 9, -1), box(0, 0, 401, 9), box(-1e9F, 0, 9, 9)})
    CHECK(s.run(image, found_in(picture, {f})).answered == flowrun::status::error);
}
