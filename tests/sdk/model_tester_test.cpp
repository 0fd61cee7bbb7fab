// testing.hpp for model stages: what the author of one is told.
#include <doctest/doctest.h>

#include "model_samples.hpp"

using namespace model_samples;

TEST_CASE("a packet goes through prepare, the network and finish") {
  model<sums> m(made({{3, 3}}, "add"), add);
  m.set("scale", 2);
  const auto a = m(std::vector<int>{10, 20, 30}, nullptr);
  REQUIRE(a);
  CHECK(a.get<std::vector<int>>() == std::vector<int>{13, 23, 33});
  CHECK(a.get<std::string>("keys") == "item");
  REQUIRE(a.rows.size() == 1);
  CHECK(a.rows[0].shape == std::vector<std::int64_t>{3, 3});
  CHECK(a.rows[0].values<const float>()[7] == 30);
  const auto b = m.run_as({"b.jpg", "photos", "", 4, 0}, std::vector<int>{1}, 2);
  CHECK(b.get<std::vector<int>>() == std::vector<int>{8});
  CHECK(b.get<std::string>("keys") == "b.jpg");
  CHECK(m(std::vector<int>{}, nullptr).get<std::vector<int>>().empty());
}

TEST_CASE("a skip of prepare and an error of finish are answers") {
  model<sums> m(made({{3, 3}}, "add"), add);
  const auto skipped = m(std::vector<int>{1, -1}, nullptr);
  CHECK(skipped.answered == status::skip);
  CHECK(skipped.reason == "negative");
  CHECK(skipped.rows.empty());
  const auto failed = m(std::vector<int>{99}, nullptr);
  CHECK(failed.answered == status::error);
  CHECK(failed.reason == "99 is too many");
}

TEST_CASE("the network is called with at most `batch` rows, a tensor for each input") {
  flowrun::model_file file = made({{3, 3}}, "add");
  file.outputs.push_back({"more", flowrun::dtype::int32, {{2, 2}, {2, 2}}, {}});
  std::vector<std::int64_t> seen;
  model<sums> m(file, [&seen](std::span<const tensor> in) {
    seen.push_back(in[0].shape[0]);
    tensor sum = flowrun::make_tensor(flowrun::dtype::float32, {in[0].shape[0], 1});
    for (std::size_t r = 0; r < sum.count(); ++r) sum.values<float>()[r] = in[0].values<const float>()[3 * r + 1];
    return std::vector<tensor>{sum, flowrun::make_tensor(flowrun::dtype::int32, {in[0].shape[0], 2, 2})};
  });
  const std::vector<int> five = {1, 2, 3, 4, 5};
  CHECK(m(five, nullptr).get<std::vector<int>>() == five);
  CHECK(seen == std::vector<std::int64_t>{2, 2, 1});
  seen.clear();
  m.batch = 16;
  CHECK(m(five, nullptr).get<std::vector<int>>() == five);
  CHECK(seen == std::vector<std::int64_t>{5});
}

TEST_CASE("a network that is not the model's is refused") {
  flowrun::model_file gray = made({{2, 2}, {2, 2}});
  model<pictures> two(gray, [](values) { return std::vector<float>{1, 2}; });
  CHECK(refusal([&] { two(samples::gradient(2, 2, 1)); }) == "the network gave 2 values for a row, output 'out' has 1");
  model<pictures> none(gray, [](std::span<const tensor>) { return std::vector<tensor>(); });
  CHECK(refusal([&] { none(samples::gradient(2, 2, 1)); }) == "the network gave 0 outputs, the model 'made' has 1");
  model<pictures> flat(gray, [](std::span<const tensor>) {
    return std::vector<tensor>{flowrun::make_tensor(flowrun::dtype::int32, {1})};
  });
  CHECK(refusal([&] { flat(samples::gradient(2, 2, 1)); }) ==
        "the network gave int32 [1] as output 'out' of 1 rows, the model 'made' has float32 [1, 1]");
  gray.outputs.push_back(gray.outputs[0]);
  CHECK(refusal([&] { model<pictures> m(gray, add); }) ==
        "the model 'made' has not just one input and one output of float32; give its network as a function of "
        "std::span<const flowrun::tensor>");
  CHECK(refusal([&] {
          model<pictures> m(made({{1, 9}}), add);
        }) == "the model 'made' has 'in' of a shape with a range; rows of one size are batched");
  CHECK(refusal([&] { model<pictures> m(flowrun::model_file(), add); }) == "the model '' needs inputs and outputs");
  CHECK(refusal([&] { model<sums> m(three(), add); }) ==
        "the model 'made' is for no task, but 'net' of sums needs one for 'add'");
  CHECK(refusal([&] {
          model<sums> m(made({{3, 3}}, "embed"), add);
        }) == "the model 'made' is for 'embed', but 'net' of sums needs one for 'add'");
  CHECK(refusal([&] { model<samples::threshold> m(three(), add); }) == "threshold is not a model stage");
  flowrun::testing::stage<sums> s;
  CHECK(refusal([&] { s.run(std::vector<int>{}, nullptr); }) ==
        "sums is a model stage; call it by flowrun::testing::model");
}

TEST_CASE("a prepare that leaves values unwritten, or is not the same twice, is a fault") {
  model<forgetful> f(three(), add);
  CHECK(fault([&] { f(1); }) == "forgetful: prepare() does not write value 2 of input 'in', row 1");
  CHECK(check_parallel(f, std::vector{1}) == "forgetful: prepare() does not write value 2 of input 'in', row 1");
  auto moods = [](int n) {
    model<moody> m(three(), add);
    return fault([&] { m(n); });
  };
  CHECK(moods(0) == "not refused");
  CHECK(moods(1) == "moody: prepare() gave 1 rows, and 2 rows the second time");
  CHECK(moods(2) == "moody: prepare() gave 1 rows, and error (not again) the second time");
  CHECK(moods(3) == "moody: prepare() writes another value 0 of input 'in', row 0 the second time");
}

TEST_CASE("an input that is written to is a fault, of the function that did it") {
  auto writes = [](int where) {
    model<careless> m(three(), add);
    return fault([&] { m(samples::gradient(4, 1, 1), where); });
  };
  CHECK(writes(2) == "not refused");
  CHECK(writes(0) == "careless: prepare() changed 'image', which other stages read too: byte 15 of 16 is 9, not 21");
  CHECK(writes(1) == "careless: finish() changed 'image', which other stages read too: byte 15 of 16 is 9, not 21");
}

TEST_CASE("check_parallel calls prepare and finish by many threads") {
  model<sums> m(made({{3, 3}}, "add"), add);
  std::vector<std::tuple<std::vector<int>, int>> inputs;
  for (const std::vector<int>& n : {std::vector<int>{1, 2, 3}, {}, {99}, {-1}}) inputs.emplace_back(n, 4);
  CHECK(check_parallel(m, inputs) == "");
  model<shared_notes> notes(three(), add);
  const std::string wrong_rows = check_parallel(notes, std::vector{1, 2, 3}, {4, 200});
  const bool told =
      wrong_rows.find("shared_notes: prepare() writes another value") == 0 ||
      (wrong_rows.find("shared_notes, input ") == 0 &&
       wrong_rows.find("the rows that prepare() wrote by 4 threads are not those of one thread") != std::string::npos);
  CHECK_MESSAGE(told, wrong_rows);
  model<shared_finish> finish(three(), add);
  const std::string wrong_value = check_parallel(finish, std::vector{1, 2, 3}, {4, 200});
  CHECK_MESSAGE(wrong_value.find("output 'number' of 4 threads is not that of one thread") != std::string::npos,
                wrong_value);
}

TEST_CASE("rows of several shapes are padded to their buckets, and batched by them") {
  flowrun::model_file file = made({{1, 8}});
  file.outputs[0].shape = {{1, 8}};
  file.inputs[0].buckets = {3, 8};
  std::vector<std::vector<std::int64_t>> seen;
  model<lengths> m(file, [&seen](std::span<const tensor> in) {
    seen.push_back(in[0].shape);
    return std::vector<tensor>{in[0]};
  });
  const auto a = m(std::vector<std::string>{"bb", "cccc", "d", "eee", "f"});
  CHECK(a.get<std::vector<int>>() == std::vector<int>{1, 3, 2, 8, 3, 3, 4, 3, 5, 3});
  CHECK(seen == std::vector<std::vector<std::int64_t>>{{2, 3}, {1, 8}, {2, 3}});
  REQUIRE(a.rows.size() == 1);
  CHECK(a.rows[0].shape == std::vector<std::int64_t>{5, 8});
  const values row = a.rows[0].values<const float>().subspan(0, 9);
  CHECK(std::vector<float>(row.begin(), row.end()) == std::vector<float>{1, 1, 0, 0, 0, 0, 0, 0, 2});
  CHECK(m(std::vector<std::string>{"nine char"}).reason ==
        "a row of [9] was asked for, but the input 'in' of the model 'made' takes [1..8]");
  CHECK(fault([&] {
          m(std::vector<std::string>{"a", "forget"});
        }) == "lengths: prepare() does not write value 0 of input 'in', row 1");
  CHECK(check_parallel(m, std::vector{std::vector<std::string>{"bb", "cccc"}, {"d"}}) == "");
  file.inputs[0].buckets.clear();
  model<lengths> any(file, [](values in) { return std::vector<float>(in.begin(), in.end()); });
  CHECK(any(std::vector<std::string>{"bb", "cccc"}).get<std::vector<int>>() == std::vector<int>{1, 2, 2, 4});
  model<lengths> wide(file, [](values) { return std::vector<float>(9); });
  CHECK(refusal([&] { wide(std::vector<std::string>{"bb"}); }) ==
        "the network gave float32 [1, 9] as output 'out' of 1 rows, the model 'made' has float32 [1, 1..8]");
  file.outputs[0].shape = {{1, 1}};
  model<moody_shapes> moody(file, [](values) { return std::vector<float>(1); });
  CHECK(fault([&] { moody(1); }) == "moody_shapes: shapes() asked for another row 0 the second time");
}

TEST_CASE("a put() of the test's own takes the place of the tester's") {
  auto ones = [](const flowrun::model_file& file, std::size_t input, const image&, const flowrun::rect&, void* to) {
    std::fill_n(static_cast<float*>(to), file.inputs[input].row_values(), 1.f);
    return flowrun::placement{};
  };
  model<pictures> m(made({{3, 3}, {4, 4}, {4, 4}}), add, ones);
  CHECK(m(samples::gradient(100, 20, 3)).get<double>() == 48);
}

TEST_CASE("the tester's put() takes an image of the input's size, and says so of others") {
  flowrun::model_file file = made({{3, 3}, {2, 2}, {2, 2}});
  file.preprocess["in"].mean = {1, 2, 3};
  model<pictures> m(file, add);
  const image small = samples::gradient(2, 2, 3);
  double sum = -4 * (1 + 2 + 3);
  for (int y = 0; y < 2; ++y)
    for (int x = 0; x < 6; ++x) sum += small.row(y)[x];
  CHECK(m(small).get<double>() == sum);
  const auto large = m(samples::gradient(5, 2, 3));
  CHECK(large.answered == status::error);
  CHECK(large.reason ==
        "the put() of this test resizes nothing: it takes an image, or a part of whole pixels inside one, of 2 x 2 px "
        "for input 'in', but this is 5 x 2 px; give it such a one, or give the model's tester a put() of your own");
  file.preprocess["in"].width = file.preprocess["in"].height = 3;
  model<pictures> resizing(file, add);
  CHECK(resizing(small).reason ==
        "the put() of this test resizes nothing: it takes an image, or a part of whole pixels inside one, of 2 x 2 px "
        "for input 'in', and a model whose preprocess keeps that size, but this is 2 x 2 px; give it such a one, or "
        "give the model's tester a put() of your own");
  model<pictures> one_channel(made({{1, 1}, {2, 2}, {2, 2}}), add);
  CHECK(one_channel(small).reason ==
        "input 'in' of the model cannot hold an image: it must be float32 or uint8, of 3 channels, or of 1 for gray, "
        "in the order of its layout");
  CHECK(m(image()).reason == "an image of 0 x 0 px and 0 channels cannot become input 'in'");
}
