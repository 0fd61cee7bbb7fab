#include "flow.hpp"

#include <doctest/doctest.h>

#include <thread>

#include "made_frames.hpp"

using namespace motion_test;

namespace {

using answer = std::tuple<motion::frame_motion, flowrun::tensor>;

std::string bytes_of(const answer& a) {
  std::string all;
  flowrun::codec<motion::frame_motion>::encode(std::get<0>(a), all);
  const flowrun::tensor& t = std::get<1>(a);
  all.append(static_cast<const char*>(t.data.get()), bytes(t));
  return all;
}

flowrun::image frame(int width, int height, const known_motion& motion) {
  return flowrun::share(moved_frame(wave_texture(1, 14, 90), {width, height}, motion));
}

}  // namespace

TEST_CASE("the stage says what it is") {
  const flowrun::stage_info s = flowrun::description<motion::flow>::made();
  CHECK(s.name == "flow");
  CHECK(s.shape == flowrun::stage_shape::window);
  CHECK_FALSE(s.serial);
  REQUIRE(s.inputs.size() == 1);
  CHECK(s.inputs[0].name == "image");
  CHECK(s.inputs[0].type->name == "flowrun.image/1");
  REQUIRE(s.outputs.size() == 2);
  CHECK(s.outputs[0].name == "motion");
  CHECK(s.outputs[0].type->name == "motion.motion/1");
  CHECK(s.outputs[1].name == "flow");
  CHECK(s.outputs[1].type->name == "flowrun.tensor/1");
  CHECK_FALSE(s.doc.empty());
  for (const flowrun::schema& field : s.outputs[0].type->fields.children) CHECK_FALSE(field.doc.empty());
  for (const flowrun::param_info& p : s.params) {
    CHECK_FALSE(p.doc.empty());
    CHECK(((p.low && p.high) || !p.choices.empty()));
  }
}

TEST_CASE("the tensor is [height, width, 2] of the working size, x before y") {
  motion::flow stage;
  stage.max_side = 160;
  const auto [values, vectors] = stage.run(frame(320, 240, {}), frame(320, 240, {4, -2}));
  CHECK(vectors.type == flowrun::dtype::float32);
  CHECK(vectors.shape == std::vector<std::int64_t>{120, 160, 2});
  const std::size_t middle = 2 * (60 * 160 + 80);
  CHECK(vectors.values<float>()[middle] == doctest::Approx(4).epsilon(0.1));
  CHECK(vectors.values<float>()[middle + 1] == doctest::Approx(-2).epsilon(0.1));
  CHECK(values.camera_dx == doctest::Approx(4).epsilon(0.05));
}

TEST_CASE("a frame of another size is skipped") {
  CHECK_THROWS_WITH_AS(motion::flow().run(frame(32, 24, {}), frame(40, 24, {})),
                       "the frame's size changed from 32x24 to 40x24", flowrun::skip);
}

TEST_CASE("four threads on one stage give the bytes one gives, and leave the frames as they were") {
  for (const char* method : {"dis", "farneback"}) {
    motion::flow stage;
    stage.method = method;
    std::vector<flowrun::image> previous, current;
    std::vector<std::string> expected;
    for (int i = 0; i < 8; ++i) {
      const int width = i % 3 == 2 ? 50 : 160, height = i % 4 == 1 ? 20 : 120;
      previous.push_back(frame(width, height, {}));
      current.push_back(frame(width, height, {0.5 * i, -0.3 * i, 0.2 * i}));
      expected.push_back(bytes_of(stage.run(previous.back(), current.back())));
    }
    const flowrun::image copy = flowrun::share(flowrun::view(previous[0]).clone());
    std::vector<int> equal(4);
    std::vector<std::thread> threads;
    for (std::size_t t = 0; t < 4; ++t)
      threads.emplace_back([&, t] {
        for (std::size_t round = 0; round < 3; ++round)
          for (std::size_t i = 0; i < previous.size(); ++i) {
            const std::size_t k = (i * 3 + t) % previous.size();
            equal[t] += bytes_of(stage.run(previous[k], current[k])) == expected[k];
          }
      });
    for (std::thread& thread : threads) thread.join();
    for (int n : equal) CHECK(n == 3 * 8);
    CHECK(previous[0] == copy);
  }
}

TEST_CASE("values survive their binary form") {
  const auto [before, vectors] = motion::flow().run(frame(64, 48, {}), frame(64, 48, {1, 1}));
  std::string bytes, again;
  flowrun::codec<motion::frame_motion>::encode(before, bytes);
  motion::frame_motion after;
  std::string_view rest = bytes;
  flowrun::codec<motion::frame_motion>::decode(after, rest);
  CHECK(rest.empty());
  flowrun::codec<motion::frame_motion>::encode(after, again);
  CHECK(again == bytes);
}
