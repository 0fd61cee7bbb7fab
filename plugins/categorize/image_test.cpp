#include "image.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <flowrun/opencv.hpp>
#include <flowrun/testing.hpp>
#include <fstream>
#include <opencv2/imgcodecs.hpp>

#include "model/preprocess.hpp"

namespace fs = std::filesystem;
using categorize::pictures;
using flowrun::boxes;
using flowrun::dtype;
using flowrun::tensor;
using model_stages::embedding;

namespace {

flowrun::image colour(int red, int green, int blue, int width = 4, int height = 3) {
  return flowrun::share(cv::Mat(height, width, CV_8UC3, cv::Scalar(blue, green, red)));
}

// Logits are red, green and blue / 10 of a picture's first pixel; so is the embedding, larger.
flowrun::model_file small_model() {
  flowrun::model_file m;
  m.name = "small";
  m.task = "classify";
  m.inputs.push_back({"image", dtype::float32, {{3, 3}, {2, 2}, {2, 2}}, {}});
  m.outputs.push_back({"embedding", dtype::float32, {{4, 4}}, {}});
  m.outputs.push_back({"logits", dtype::float32, {{3, 3}}, {}});
  m.labels = {"red", "green", "blue"};
  return m;
}
std::vector<tensor> run_small(std::span<const tensor> in) {
  const std::int64_t rows = in[0].shape[0];
  std::vector<tensor> out = {flowrun::make_tensor(dtype::float32, {rows, 4}),
                             flowrun::make_tensor(dtype::float32, {rows, 3})};
  for (std::size_t r = 0; r < static_cast<std::size_t>(rows); ++r) {
    for (std::size_t c = 0; c < 3; ++c) {
      const float v = in[0].values<const float>()[r * 12 + c * 4];
      out[0].values<float>()[r * 4 + c] = 7 * v;
      out[1].values<float>()[r * 3 + c] = v / 10;
    }
    out[0].values<float>()[r * 4 + 3] = 0;
  }
  return out;
}

struct tester : flowrun::testing::model<categorize::image> {
  tester() : model(small_model(), run_small, &flowrun::core::put_image) {}
  std::string folder() const { return place.path().string(); }
  void write(const std::string& name, const flowrun::image& picture) const {
    fs::create_directories((place.path() / name).parent_path());
    REQUIRE(cv::imwrite((place.path() / name).string(), flowrun::view(picture)));
  }
  void write_text(const std::string& name) const {
    fs::create_directories((place.path() / name).parent_path());
    std::ofstream(place.path() / name) << "no picture";
  }
  flowrun::testing::temporary_folder place;
};

}  // namespace

TEST_CASE("the stage says what it is") {
  const flowrun::stage_info s = flowrun::description<categorize::image>::made();
  CHECK(s.name == "image");
  REQUIRE(s.outputs.size() == 2);
  CHECK(s.outputs[0].type->name == "categorize.pictures/1");
  CHECK(s.outputs[1].type->name == "model.embedding/1");
  CHECK(s.models.at(0).file == "efficientnet-lite0");
  CHECK(s.models[0].task == "classify");
  CHECK(s.doc.find("CLIP") == std::string::npos);
  for (const flowrun::param_info& p : s.params) {
    CHECK_FALSE(p.doc.empty());
    CHECK(p.content == (p.name == "categories"));
  }
}

TEST_CASE("labels and an embedding of length 1; no categories without a folder") {
  tester t;
  const auto answer = t(colour(20, 0, 10), nullptr);
  const pictures& found = answer.get<pictures>();
  REQUIRE(found.labels.size() == 1);
  REQUIRE(found.labels[0].size() == 3);
  CHECK(found.labels[0][0].name == "red");
  const double all = std::exp(2.0) + std::exp(1.0) + 1;
  CHECK(found.labels[0][0].score == doctest::Approx(std::exp(2.0) / all));
  CHECK(found.labels[0][2].name == "green");
  CHECK(found.categories.empty());
  const embedding& vector = answer.get<embedding>("embedding");
  CHECK(vector.size == 4);
  CHECK(vector.values[0] == doctest::Approx(2 / std::sqrt(5.0)));
  CHECK(vector.values[2] == doctest::Approx(1 / std::sqrt(5.0)));
  t.set("top", 1).set("min_score", 0.99);
  CHECK(t(colour(20, 0, 10), nullptr).get<pictures>().labels.at(0).empty());
}

TEST_CASE("categories are learnt from the examples: the nearest by cosine, unknown below the threshold") {
  tester t;
  // Five examples and batches of two: the last is not full. A text among them is passed over.
  for (int i = 1; i <= 5; ++i) t.write("warm/" + std::to_string(i) + ".png", colour(40 * i, 0, 0, i, i));
  t.write_text("warm/notes.txt");
  t.write("cold/sea.bmp", colour(0, 0, 90));
  std::string logged;
  t.context.log = [&logged](flowrun::log_level, std::string_view text) { logged = text; };
  t.set("categories", t.folder()).set("threshold", 0.9);
  const auto warm = t(colour(250, 0, 25), nullptr).get<pictures>().categories;
  REQUIRE(warm.size() == 1);
  CHECK(warm[0].name == "warm");
  CHECK(warm[0].nearest == "warm");
  CHECK(warm[0].similarity == doctest::Approx(250 / std::hypot(250, 25)));
  const auto between = t(colour(80, 0, 100), nullptr).get<pictures>().categories;
  CHECK(between.at(0).name == "unknown");
  CHECK(between[0].nearest == "cold");
  CHECK(between[0].similarity == doctest::Approx(100 / std::hypot(80, 100)));
  CHECK(logged == "2 categories of 6 examples; files that are no pictures and were passed over: 1");
}

TEST_CASE("in large batches no more than 16 examples are held decoded at once") {
  std::vector<std::int64_t> rows;
  flowrun::testing::model<categorize::image> t(
      small_model(),
      [&rows](std::span<const tensor> in) {
        rows.push_back(in[0].shape[0]);
        return run_small(in);
      },
      &flowrun::core::put_image);
  const flowrun::testing::temporary_folder place;
  fs::create_directories(place.path() / "red");
  for (int i = 0; i < 40; ++i)
    REQUIRE(
        cv::imwrite((place.path() / "red" / (std::to_string(i) + ".png")).string(), flowrun::view(colour(200, 0, 0))));
  t.batch = 128;
  t.set("categories", place.path().string());
  t.open();
  CHECK(rows == std::vector<std::int64_t>{16, 16, 8});
}

TEST_CASE("each region has labels, a category and an embedding; no regions: an empty answer") {
  tester t;
  t.write("red/a.png", colour(9, 0, 0));
  t.write("blue/a.png", colour(0, 0, 9));
  t.set("categories", t.folder()).set("top", 1);
  cv::Mat halves(10, 20, CV_8UC3, cv::Scalar(0, 0, 200));
  halves.colRange(10, 20).setTo(cv::Scalar(200, 0, 0));
  const flowrun::image picture = flowrun::share(halves);
  const auto two = t(picture, boxes{{{12, 2, 5, 5, 0.9f}, {0, 0, 8, 10, 0.8f}, {19, 9, 50, 50, 0.1f}}});
  const pictures& found = two.get<pictures>();
  REQUIRE(found.labels.size() == 3);
  REQUIRE(found.categories.size() == 3);
  CHECK(found.labels[0].at(0).name == "blue");
  CHECK(found.labels[1].at(0).name == "red");
  CHECK(found.categories[0].name == "blue");
  CHECK(found.categories[1].name == "red");
  CHECK(found.categories[2].name == "blue");
  CHECK(two.get<embedding>("embedding").values.size() == 12);
  const auto none = t(picture, boxes());
  CHECK(none.answered == flowrun::status::value);
  CHECK(none.get<pictures>().labels.empty());
  CHECK(none.get<pictures>().categories.empty());
  CHECK(none.get<embedding>("embedding").values.empty());
}

TEST_CASE("pictures and examples of 1 x 1 and of 20000 x 50") {
  tester t;
  t.write("red/dot.png", colour(200, 0, 0, 1, 1));
  t.write("blue/bar.png", colour(0, 0, 200, 20000, 50));
  t.set("categories", t.folder());
  CHECK(t(colour(99, 0, 1, 20000, 50), nullptr).get<pictures>().categories.at(0).name == "red");
  CHECK(t(colour(1, 0, 99, 1, 1), nullptr).get<pictures>().categories.at(0).name == "blue");
}

TEST_CASE("examples that cannot be learnt from: each its sentence") {
  tester t;
  t.write("red/a.png", colour(9, 0, 0));
  t.write_text("green/a.jpg");
  t.set("categories", t.folder());
  CHECK_THROWS_WITH_AS(t.open(),
                       ("the category 'green' (" + t.folder() +
                        "/green) has no picture that can be read; put examples "
                        "in it (JPEG, PNG, BMP, TIFF or WebP), or remove it")
                           .c_str(),
                       flowrun::input_error);
  tester broken;
  broken.write("red/a.png", colour(9, 0, 0));
  flowrun::testing::model<categorize::image> nan(
      small_model(),
      [](std::span<const tensor> in) {
        auto out = run_small(in);
        out[0].values<float>()[0] = NAN;
        return out;
      },
      &flowrun::core::put_image);
  nan.set("categories", broken.folder());
  CHECK_THROWS_WITH_AS(nan.open(),
                       ("the example " + broken.folder() +
                        "/red/a.png: the network gave a vector with values that are "
                        "no finite numbers; take it out, or another model")
                           .c_str(),
                       flowrun::input_error);
  tester nowhere;
  CHECK_THROWS_AS(nowhere.set("categories", nowhere.folder() + "/nowhere").open(), flowrun::input_error);
}

TEST_CASE("a model without an embedding is told how to name one") {
  flowrun::model_file m = small_model();
  m.outputs[0].name = "features";
  flowrun::testing::model<categorize::image> t(m, run_small, &flowrun::core::put_image);
  CHECK_THROWS_WITH_AS(t.open(),
                       "the model 'small' has several outputs: features [4], logits [3]; name one of them with "
                       "'embedding_output'",
                       flowrun::input_error);
  flowrun::testing::model<categorize::image> named(m, run_small, &flowrun::core::put_image);
  named.set("embedding_output", "features");
  CHECK(named(colour(20, 0, 10), nullptr).get<pictures>().labels.at(0).at(0).name == "red");
}

TEST_CASE("several threads on one stage") {
  tester t;
  t.write("red/a.png", colour(9, 0, 0));
  t.write("blue/a.png", colour(0, 0, 9));
  t.set("categories", t.folder());
  std::vector<std::tuple<flowrun::image, boxes>> inputs;
  for (int i = 0; i < 6; ++i)
    inputs.emplace_back(colour(40 * i, 100, 255 - 40 * i, 3 + i, 5),
                        boxes{std::vector<flowrun::box>(static_cast<std::size_t>(i), {0, 0, 2, 2, 1})});
  CHECK(flowrun::testing::check_parallel(t, inputs, {.threads = 4, .rounds = 5}) == "");
}
