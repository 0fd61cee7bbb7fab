#include "embed.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <flowrun/opencv.hpp>
#include <flowrun/testing.hpp>
#include <limits>

#include "model/preprocess.hpp"

using namespace faces;
using flowrun::dtype;

namespace {

constexpr int side = 16;

// Takes chips as they are, red first, and gives the red, green and blue of the middle pixel.
flowrun::model_file middle_model() {
  flowrun::model_file m;
  m.name = "middle";
  m.task = "face-embedding";
  m.inputs.push_back({"image", dtype::float32, {{3, 3}, {side, side}, {side, side}}, {}});
  m.outputs.push_back({"embedding", dtype::float32, {{3, 3}}, {}});
  m.constants["landmarks"] = "5 5 10 5 7.5 8 6 11 9 11";
  return m;
}

std::vector<float> middle_of(std::span<const float> row) {
  std::vector<float> colour;
  for (std::size_t c = 0; c < 3; ++c) colour.push_back(row[c * side * side + 8 * side + 8]);
  return colour;
}

struct tester : flowrun::testing::model<embed> {
  explicit tester(flowrun::testing::row_network network = middle_of)
      : model(middle_model(), std::move(network), &flowrun::core::put_image) {}
};

// A face whose landmarks lie as in the chip, `scale` times as large and so far from the picture's corner.
face face_at(float x, float y, float scale = 1) {
  face f;
  f.landmarks = {5, 5, 10, 5, 7.5f, 8, 6, 11, 9, 11};
  for (std::size_t i = 0; i < f.landmarks.size(); ++i)
    f.landmarks[i] = (f.landmarks[i] + 0.5f) * scale + (i % 2 ? y : x);
  return f;
}

// Red on the left, blue on the right half, with noise so that it is sharp.
flowrun::image two_halves() {
  cv::Mat m(40, 80, CV_8UC3, cv::Scalar(0, 0, 200));
  m.colRange(40, 80).setTo(cv::Scalar(180, 0, 0));
  for (int y = 0; y < 40; ++y)
    for (int x = 0; x < 80; ++x) m.at<cv::Vec3b>(y, x)[1] = static_cast<std::uint8_t>((x * 7 + y * 13) % 5 * 20);
  return flowrun::share(m);
}

face_list listed(std::vector<face> all) {
  return {80, 40, std::move(all)};
}

}  // namespace

TEST_CASE("the stage says what it is") {
  const flowrun::stage_info s = flowrun::description<embed>::made();
  CHECK(s.name == "embed");
  REQUIRE(s.outputs.size() == 1);
  CHECK(s.outputs[0].type->name == "faces.vectors/1");
  CHECK(s.models.at(0).file == "dlib-face");
  CHECK(s.models[0].task == "face-embedding");
  CHECK(s.models[0].images);
  for (const flowrun::param_info& p : s.params) CHECK_FALSE(p.doc.empty());
}

TEST_CASE("a vector for each face, in their order; none without faces") {
  tester t;
  const auto answer = t(two_halves(), listed({face_at(50, 10), face_at(10, 10), face_at(12, 4, 2)}));
  REQUIRE(answer.rows.at(0).shape[0] == 3);
  const face_vectors& found = answer.get<face_vectors>();
  REQUIRE(found.list.size() == 3);
  CHECK(found.list[0].vector.at(0) == 0);
  CHECK(found.list[0].vector.at(2) == 180);
  CHECK(found.list[1].vector.at(0) == 200);
  CHECK(found.list[1].vector.at(2) == 0);
  CHECK(found.list[2].vector.at(0) == 200);
  for (const face_vector& v : found.list) {
    CHECK(v.frontal == doctest::Approx(1));
    CHECK(v.sharpness > 0.5f);
    CHECK(v.quality == doctest::Approx(v.sharpness).epsilon(1e-3));
  }
  CHECK(t(two_halves(), listed({})).get<face_vectors>().list.empty());
  CHECK(t(flowrun::image{}, face_list{}).get<face_vectors>().list.empty());
}

TEST_CASE("below min_quality a face keeps its place, but has no vector") {
  tester t;
  t.set("min_quality", 0.4);
  const auto found = t(two_halves(), listed({face_at(10, 10, 0.25f), face_at(10, 10)})).get<face_vectors>();
  REQUIRE(found.list.size() == 2);
  CHECK(found.list[0].vector.empty());
  CHECK(found.list[0].quality > 0);
  CHECK(found.list[0].quality < 0.3f);
  CHECK(found.list[1].vector.size() == 3);
}

TEST_CASE("vectors as the network gives them, or of length 1") {
  tester t;
  t.set("norm", "unit");
  const auto found = t(two_halves(), listed({face_at(10, 10)})).get<face_vectors>();
  double squares = 0;
  for (float v : found.list.at(0).vector) squares += static_cast<double>(v) * v;
  CHECK(squares == doctest::Approx(1));
}

TEST_CASE("grey pictures and such with alpha") {
  tester t;
  const flowrun::image grey = two_halves().gray();
  CHECK(t(grey, listed({face_at(10, 10)})).get<face_vectors>().list.at(0).vector.size() == 3);
  CHECK(t(flowrun::share(cv::Mat(40, 80, CV_8UC4, cv::Scalar(1, 2, 3, 255))), listed({face_at(10, 10)}))
            .get<face_vectors>()
            .list.at(0)
            .vector == std::vector<float>{3, 2, 1});
}

TEST_CASE("what is wrong is said") {
  tester t;
  const face_list small{40, 20, {face_at(0, 0)}};
  CHECK(t(two_halves(), small).reason ==
        "the faces were found in a picture of 40 x 20 px, but this one has 80 x 40; wire both inputs to the same "
        "picture");
  CHECK(t(flowrun::image{}, face_list{0, 0, {face_at(0, 0)}}).reason == "the picture is empty, but has faces");
  face broken = face_at(10, 10);
  broken.landmarks[3] = std::numeric_limits<float>::quiet_NaN();
  CHECK(t(two_halves(), listed({face_at(10, 10), broken})).reason == "face 1 has landmarks that are no finite numbers");
  tester nan([](std::span<const float>) { return std::vector<float>{1, NAN, 2}; });
  CHECK(nan(two_halves(), listed({face_at(10, 10)})).reason ==
        "the network gave a vector with values that are no finite numbers");
  tester wrong;
  CHECK_THROWS_AS(wrong.set("output", "nowhere").open(), flowrun::input_error);
}

TEST_CASE("several threads at once give what one gives") {
  tester t;
  const std::vector<std::tuple<flowrun::image, face_list>> all = {
      {two_halves(), listed({face_at(10, 10)})},
      {two_halves(), listed({face_at(50, 10, 0.5f), face_at(70, 30)})},
      {two_halves(), listed({})}};
  CHECK(flowrun::testing::check_parallel(t, all) == "");
}
