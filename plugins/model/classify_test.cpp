#include "classify.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "made_models.hpp"
#include "model/preprocess.hpp"

using namespace model_stages;
using namespace model_stages::test;
using flowrun::boxes;
using flowrun::image;

namespace {

// The three scores are what is seen of red, green and blue: a pixel's values, of a network that looks at one pixel.
flowrun::model_file colours() {
  flowrun::model_file m = made_model("classify", {floats("scores", 3)});
  m.labels = {"red", "green", "blue"};
  return m;
}
std::vector<float> first_pixel(std::span<const float> row) {
  return {row[0], row[4], row[8]};
}

struct tester : flowrun::testing::model<classify> {
  explicit tester(flowrun::model_file m = colours()) : model(std::move(m), first_pixel, &flowrun::core::put_image) {}
  // "red blue,green": a list for each region.
  std::string names(const image& in, const boxes* regions = nullptr) {
    const flowrun::testing::answer a = regions ? run(in, *regions) : run(in, nullptr);
    std::string text;
    for (const auto& list : a.get<label_lists>().labels) {
      for (const label& l : list) text += l.name + " ";
      text += "/";
    }
    return text;
  }
};

}  // namespace

TEST_CASE("the stage says what it is") {
  const flowrun::stage_info s = flowrun::description<classify>::made();
  CHECK(s.name == "classify");
  REQUIRE(s.inputs.size() == 2);
  CHECK(s.inputs[0].type->name == "flowrun.image/1");
  CHECK(s.inputs[1].type->name == "flowrun.boxes/1");
  CHECK(s.inputs[1].optional);
  CHECK(s.outputs.at(0).type->name == "model.labels/1");
  CHECK(s.models.at(0).task == "classify");
  CHECK(s.models[0].file.empty());
  CHECK(s.models[0].images);
  for (const flowrun::param_info& p : s.params) CHECK_FALSE(p.doc.empty());
}

TEST_CASE("a picture has a list of its best labels") {
  tester t;
  CHECK(t.names(made_picture(2, 2, 9, 3, 5)) == "red blue green /");
  t.set("top", 2);
  CHECK(t.names(made_picture(2, 2, 1, 3, 5)) == "blue green /");
  t.set("scores", "raw").set("threshold", 4);
  const auto answer = t(made_picture(2, 2, 1, 3, 5), nullptr);
  REQUIRE(answer.get<label_lists>().labels.at(0).size() == 1);
  CHECK(answer.get<label_lists>().labels[0][0].name == "blue");
  CHECK(answer.get<label_lists>().labels[0][0].score == 5);
}

TEST_CASE("each region has a list; no regions: no list; beyond the border it repeats") {
  image left = made_picture(6, 4, 200, 0, 0);
  flowrun::image_buffer b(6, 4, 3);
  for (int y = 0; y < 4; ++y)
    for (int x = 0; x < 6; ++x)
      for (int c = 0; c < 3; ++c) b.row(y)[3 * x + c] = c == (x < 2 ? 2 : x < 4 ? 1 : 0) ? 200 : 0;
  const image thirds = std::move(b).freeze();  // red, green, blue
  tester t;
  t.set("top", 1);
  const boxes three = {{{4, 0, 2, 4, 1}, {0, 0, 2, 2, 1}, {2, 1, 2, 3, 0.5f}}};
  CHECK(t.names(thirds, &three) == "blue /red /green /");
  const boxes none;
  CHECK(t.names(thirds, &none).empty());
  const boxes beyond = {{{5, -10, 100, 100, 1}, {-50, 0, 20, 20, 1}}};
  CHECK(t.names(thirds, &beyond) == "blue /red /");
  CHECK(t.names(left) == "red /");
  const boxes flat = {{{0, 0, 1, 1, 1}, {0, 0, 0, 3, 1}}};
  CHECK(t(thirds, flat).answered == flowrun::status::error);
  CHECK(t(thirds, flat).reason == "region 1 has no size");
  const boxes endless = {{{0, 0, INFINITY, 1, 1}}};
  CHECK(t(thirds, endless).reason == "region 0 is no box: its sides are not finite");
}

TEST_CASE("pictures of 1 x 1 and of 20000 x 50, grey ones and ones with alpha") {
  tester t;
  t.set("top", 1);
  CHECK(t.names(made_picture(1, 1, 0, 7, 3)) == "green /");
  CHECK(t.names(made_picture(20000, 50, 0, 3, 9)) == "blue /");
  CHECK(t.names(made_picture(50, 20000, 4, 3, 0)) == "red /");
  for (int channels : {1, 4}) {
    const image even = flowrun::image_buffer(1, 1, channels).freeze().map([](std::uint8_t) { return std::uint8_t{9}; });
    CHECK(t.names(even) == "red /");  // all equal: the first class
  }
  CHECK(t(image(), nullptr).answered == flowrun::status::error);
}

TEST_CASE("a model without labels, and one with several outputs") {
  flowrun::model_file m = colours();
  m.labels.clear();
  tester bare(m);
  CHECK(bare.names(made_picture(2, 2, 9, 3, 5)) == "0 2 1 /");

  m = made_model("classify", {floats("embedding", 5), floats("logits", 3)});
  m.labels = {"a", "b", "c"};
  auto network = [m](std::span<const flowrun::tensor> in) { return echo(m, in); };
  flowrun::testing::model<classify> two(m, network, &flowrun::core::put_image);
  const auto lists = two(made_picture(2, 2, 9, 3, 5), nullptr).get<label_lists>().labels;
  CHECK(lists.at(0).size() == 3);  // of logits, all of which are 9
  CHECK(lists[0][0].score == doctest::Approx(1.0 / 3));
  flowrun::testing::model<classify> wrong(m, network, &flowrun::core::put_image);
  CHECK_THROWS_AS(wrong.set("output", "embedding").open(), flowrun::input_error);
}

TEST_CASE("several threads, and a value's binary form") {
  tester t;
  std::vector<std::tuple<image, boxes>> inputs;
  for (int i = 0; i < 6; ++i)
    inputs.emplace_back(made_picture(3 + i, 5, 40 * i, 100, 255 - 40 * i),
                        boxes{std::vector<flowrun::box>(static_cast<std::size_t>(i), {0, 0, 2, 2, 1})});
  CHECK(flowrun::testing::check_parallel(t, inputs, {.threads = 4, .rounds = 5}) == "");

  const label_lists before = t(made_picture(2, 2, 9, 3, 5), nullptr).get<label_lists>();
  std::string bytes, again;
  flowrun::codec<label_lists>::encode(before, bytes);
  label_lists after;
  std::string_view rest = bytes;
  flowrun::codec<label_lists>::decode(after, rest);
  flowrun::codec<label_lists>::encode(after, again);
  CHECK(rest.empty());
  CHECK(again == bytes);
  CHECK(after.labels.at(0).at(1).name == "blue");
}
