// Every way a device stage's run() can end, what it says about itself, and testing.hpp for it.
#include <doctest/doctest.h>

#include "device_samples.hpp"

using namespace device_samples;
using flowrun::status;
using flowrun::testing::check_parallel;

namespace {

std::vector<float> twice(std::span<const float> row) {
  return {row[0] * 2, 1};
}
std::vector<float> first(std::span<const float> row) {
  return {row[0]};
}

struct tester : flowrun::testing::device<segment> {
  tester() {
    network("encoder", file_of("enc", 1, 2, "encode"), &twice).network("decoder", file_of("dec", 2, 1), &first);
  }
};

}  // namespace

TEST_CASE("what a device stage says about itself") {
  const flowrun::stage_info s = flowrun::description<segment>::made();
  CHECK(s.shape == flowrun::stage_shape::device);
  CHECK_FALSE(s.serial);
  CHECK(s.wants_item);
  REQUIRE(s.models.size() == 2);
  CHECK(s.models[0].name == "encoder");
  CHECK(s.models[0].file == "enc");
  CHECK(s.models[0].task == "encode");
  CHECK(s.models[1].batch == 2);
  CHECK(s.inputs[0].type->name == "int32");
  CHECK(s.inputs[1].optional);
  CHECK(s.outputs[1].name == "key");
  CHECK(flowrun::description<picture_code>::made().inputs.size() == 1);
}

TEST_CASE("an item goes through one network and several times through another") {
  tester s;
  CHECK(s.run(5, nullptr).get<double>() == 20);
  CHECK(s.set("times", 3).run(5, 1).get<double>() == 33);
  CHECK(s.run_as({"b.jpg", "photos", "", 4, 0}, 1, nullptr).get<std::string>("key") == "b.jpg");
  std::vector<std::tuple<int, int>> inputs = {{1, 2}, {-1, 2}, {99, 2}, {7, 0}};
  CHECK(check_parallel(s, inputs) == "");
}

TEST_CASE("skips, errors and run errors of a device stage are answers") {
  tester s;
  const auto skipped = s.run(-1, nullptr);
  CHECK(skipped.answered == status::skip);
  CHECK(skipped.reason == "negative");
  const auto failed = s.run(99, nullptr);
  CHECK(failed.answered == status::error);
  CHECK(failed.reason == "99 is too many");
  CHECK_FALSE(failed.stops_run);
  CHECK(s.run(98, nullptr).stops_run);
}

TEST_CASE("a test's network whose outputs stay on its device shows who forgets to fetch them") {
  // What it is given it reads, wherever that stays.
  const auto staying = [](std::span<const tensor> in) {
    tensor out = row_of({in[0].values<const float>()[0] * 2, 1});
    out.where = {flowrun::place::sim, 0};
    return std::vector<tensor>{out};
  };
  tester encoded;
  encoded.network("encoder", file_of("enc", 1, 2, "encode"), staying);
  CHECK(encoded.run(5, nullptr).get<double>() == 20);
  tester decoded;
  decoded.network("decoder", file_of("dec", 2, 2), staying);
  CHECK(decoded.run(5, nullptr).reason ==
        "a tensor on sim:0 was read as if it were in the CPU's memory; fetch() it first");
  flowrun::model_file file = file_of("net", 1, 2);
  file.inputs[0].shape = {{3, 3}, {2, 2}, {2, 2}};
  flowrun::testing::device<picture_code> fetching;
  fetching.network("net", file, staying);
  CHECK(fetching.run(samples::gradient(2, 2, 3)).get<tensor>().values<const float>()[1] == 1);
}

TEST_CASE("put() writes an image as the model file says, and nothing is a skip") {
  flowrun::model_file file = file_of("net", 1, 1);
  file.inputs[0].shape = {{3, 3}, {2, 2}, {2, 2}};
  flowrun::testing::device<picture_code> s;
  s.network("net", file, [](std::span<const float> row) {
    float sum = 0;
    for (float v : row) sum += v;
    return std::vector<float>{sum};
  });
  const flowrun::image small = samples::gradient(2, 2, 3);
  double sum = 0;
  for (int y = 0; y < 2; ++y)
    for (int x = 0; x < 6; ++x) sum += small.row(y)[x];
  CHECK(s.run(small).get<tensor>().values<const float>()[0] == sum);
  CHECK(s.run(samples::gradient(51, 2, 3)).answered == status::skip);
}

TEST_CASE("what a call is given is held to the model file and to the description") {
  flowrun::model_file m = file_of("dec", 2, 1);
  m.inputs.push_back({"points", dtype::int64, {{1, 8}, {2, 2}}, {}});
  const tensor row = row_of({1, 2});
  auto points = [](std::int64_t rows, std::int64_t n) { return make_tensor(dtype::int64, {rows, n, 2}); };
  CHECK(flowrun::find_input_fault(m, {row, points(1, 1)}, 1) == "");
  CHECK(flowrun::find_input_fault(m, {row, points(1, 8)}, 1) == "");
  CHECK(flowrun::find_input_fault(m, {row}, 1) == "run() was given 1 tensors, the model 'dec' has 2 inputs");
  CHECK(flowrun::find_input_fault(m, {row, points(1, 9)}, 1) ==
        "run() was given int64 [1, 9, 2] for the input 'points' of the model 'dec', which takes int64 [rows, 1..8, 2]");
  CHECK(flowrun::find_input_fault(m, {row, row}, 1) ==
        "run() was given float32 [1, 2] for the input 'points' of the model 'dec', which takes int64 [rows, 1..8, 2]");
  CHECK(flowrun::find_input_fault(m, {row, points(2, 8)}, 4) ==
        "run() was given int64 [2, 8, 2] for the input 'points' of the model 'dec', which takes int64 [rows, 1..8, 2]");
  const std::vector<tensor> three = {make_tensor(dtype::float32, {3, 2}), points(3, 4)};
  CHECK(flowrun::find_input_fault(m, three, 3) == "");
  CHECK(flowrun::find_input_fault(m, three, 2) ==
        "run() was given 3 rows for the model 'dec', planned for 2; give fewer, or say so in the description: "
        "d.model(...).batch(3)");
}

TEST_CASE("what a call is given is padded up to the model's buckets") {
  flowrun::model_file enc = file_of("enc", 1, 2, "encode");
  enc.inputs[0].shape = {{1, 4}};
  enc.inputs[0].buckets = {3, 4};
  std::vector<float> seen;
  flowrun::testing::device<segment> s;
  s.network("encoder", enc, [&seen](std::span<const float> row) {
    seen.assign(row.begin(), row.end());
    return std::vector<float>{row[0] * 2, 1};
  });
  s.network("decoder", file_of("dec", 2, 1), &first);
  CHECK(s.run(5, nullptr).get<double>() == 20);
  CHECK(seen == std::vector<float>{5, 0, 0});
}

TEST_CASE("misuse of the tester is told") {
  flowrun::testing::device<segment> s;
  CHECK(refusal([&] { s.run(1, nullptr); }) == "segment needs a network for its model 'encoder'; give it by network()");
  CHECK(refusal([&] { s.network("coder", file_of("enc", 1, 2), &twice); }) == "segment has no model 'coder'");
  CHECK(refusal([&] { s.network("encoder", file_of("enc", 1, 2), &twice); }) ==
        "the model 'enc' is for no task, but 'encoder' of segment needs one for 'encode'");
  CHECK(refusal([&] { flowrun::testing::device<samples::threshold> t; }) == "threshold is not a device stage");
  flowrun::testing::stage<segment> plain;
  CHECK(refusal([&] { plain.run(1, nullptr); }) == "segment is a device stage; call it by flowrun::testing::device");
  tester given;
  given.network("decoder", file_of("dec", 3, 1), &first);
  CHECK(given.run(1, nullptr).reason ==
        "run() was given float32 [1, 2] for the input 'in' of the model 'dec', which takes float32 [rows, 3]");
}
