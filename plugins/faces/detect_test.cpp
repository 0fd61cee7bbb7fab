// faces.detect with a network of the test's own; the real one: tests/faces.
#include "detect.hpp"

#include <doctest/doctest.h>

#include <flowrun/testing.hpp>

#include "made_face_maps.hpp"
#include "model/preprocess.hpp"

using faces::face_list;
using flowrun::boxes;
using made_face_maps::around;
using made_face_maps::told;

namespace {

flowrun::image gray(int width, int height) {
  return flowrun::image_buffer(width, height, 3).freeze().map([](std::uint8_t) -> std::uint8_t { return 90; });
}

struct tester : flowrun::testing::model<faces::detect> {
  explicit tester(std::vector<told> list)
      : model(
            made_face_maps::model(),
            [list = std::move(list)](std::span<const flowrun::tensor>) { return made_face_maps::write(list); },
            &flowrun::core::put_image) {
    batch = 1;
  }
};

}  // namespace

TEST_CASE("the stage says what it is") {
  const flowrun::stage_info s = flowrun::description<faces::detect>::made();
  CHECK(s.name == "detect");
  CHECK(s.outputs.at(0).type->name == "faces.faces/1");
  CHECK(s.outputs.at(1).type->name == "flowrun.boxes/1");
  CHECK(s.models.at(0).file == "centerface");
  CHECK(s.models[0].task == "face-detection");
  for (const flowrun::param_info& p : s.params) CHECK_FALSE(p.doc.empty());
}

TEST_CASE("faces in px of the picture, the best first, and the same as boxes") {
  // 320 x 160 px: a fifth of the size, with 16 rows of fill above.
  tester t({around(10, 30, 8, 10, 0.7F), around(50, 24, 10, 6, 0.9F)});
  const auto answer = t(gray(320, 160));
  const face_list& found = answer.get<face_list>();
  CHECK(found.width == 320);
  CHECK(found.height == 160);
  REQUIRE(found.list.size() == 2);
  CHECK(found.list[0].score == 0.9F);
  CHECK(found.list[0].x == doctest::Approx(225));
  CHECK(found.list[0].y == doctest::Approx(25));
  CHECK(found.list[0].w == doctest::Approx(50));
  CHECK(found.list[0].h == doctest::Approx(30));
  CHECK(found.list[1].landmarks[4] == doctest::Approx(50));  // the nose
  CHECK(found.list[1].landmarks[5] == doctest::Approx(70));
  const boxes& same = answer.get<boxes>("boxes");
  CHECK(same.width == 320);
  CHECK(same.height == 160);
  REQUIRE(same.list.size() == 2);
  CHECK(same.list[0].x == found.list[0].x);
  CHECK(same.list[1].h == found.list[1].h);
  CHECK(same.list[1].score == 0.7F);
}

TEST_CASE("threshold, least size, overlap and most faces") {
  tester t({around(10, 30, 8, 10, 0.7F), around(12, 32, 8, 10, 0.6F), around(50, 30, 4, 10, 0.9F),
            around(30, 30, 9, 9, 0.4F)});
  auto count = [&t] { return t(gray(320, 160)).get<face_list>().list.size(); };
  CHECK(count() == 1);  // one overlaps, one is 20 px wide, one is not certain
  t.set("min_size", 19);
  CHECK(count() == 2);
  t.set("overlap", 0.5);
  CHECK(count() == 3);
  t.set("threshold", 0.3);
  CHECK(count() == 4);
  t.set("max_faces", 2);
  CHECK(count() == 2);
  CHECK(t(gray(320, 160)).get<face_list>().list[0].score == 0.9F);
}

TEST_CASE("a picture without faces has an empty answer") {
  tester t({});
  const auto answer = t(gray(40, 30));
  CHECK(answer.answered == flowrun::status::value);
  CHECK(answer.get<face_list>().list.empty());
  CHECK(answer.get<boxes>("boxes").list.empty());
}

TEST_CASE("pictures of 1 x 1 and of 20000 x 50") {
  tester t({around(32, 32, 64, 8, 0.9F)});
  t.set("min_size", 0);
  const auto dot = t(gray(1, 1)).get<face_list>();
  REQUIRE(dot.list.size() == 1);
  CHECK(dot.list[0].w == doctest::Approx(1));
  CHECK(dot.list[0].h == doctest::Approx(0.125));
  const auto bar = t(gray(20000, 50)).get<face_list>();
  REQUIRE(bar.list.size() == 1);
  CHECK(bar.list[0].w == doctest::Approx(20000));
  CHECK(bar.list[0].x == doctest::Approx(0));
}

TEST_CASE("a model of another kind is refused before the first picture") {
  flowrun::model_file m = made_face_maps::model();
  m.outputs[1].name = "only";
  m.outputs.resize(2);
  flowrun::testing::model<faces::detect> t(m, [](std::span<const flowrun::tensor>) {
    auto maps = made_face_maps::write({});
    maps.resize(2);
    return maps;
  });
  CHECK_THROWS_AS(t.open(), flowrun::input_error);
}

TEST_CASE("several threads on one stage") {
  tester t({around(10, 30, 8, 10, 0.7F), around(50, 24, 10, 6, 0.9F)});
  const std::vector<flowrun::image> pictures = {gray(320, 160), gray(160, 320), gray(640, 640), gray(33, 77)};
  CHECK(flowrun::testing::check_parallel(t, pictures, {.threads = 4, .rounds = 5}) == "");
}
