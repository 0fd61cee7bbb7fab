// Rows of sides with a range: what they are rounded up to, what lies beside them, what is refused.
#include <doctest/doctest.h>

#include <flowrun/lane.hpp>

#include <numeric>

namespace {

using flowrun::dtype;
using flowrun::make_tensor;
using flowrun::row_shapes;
using flowrun::tensor;
using sides = std::vector<std::int64_t>;

// A picture whose height and width have one range, and a number.
flowrun::model_file picture_model(std::vector<std::int64_t> buckets) {
  flowrun::model_file m;
  m.name = "net";
  m.inputs.push_back({"image", dtype::float32, {{2, 2}, {1, 4}, {1, 6}}, std::move(buckets)});
  m.inputs.push_back({"n", dtype::int64, {}, {}});
  m.outputs.push_back({"map", dtype::float32, {{1, 4}, {1, 6}}, {}});
  return m;
}

tensor counting(sides shape) {
  tensor t = make_tensor(dtype::float32, std::move(shape));
  std::iota(t.values<float>().begin(), t.values<float>().end(), 1.f);
  return t;
}

template <class E, class F> std::string refusal(F&& f) {
  try {
    f();
  } catch (const E& e) {
    return e.what();
  }
  return "not refused";
}

// Keeps what it was given.
class kept_call : public flowrun::lane_session {
 public:
  explicit kept_call(const flowrun::row_format& format) : lane_session(format) {}
  std::vector<tensor> run(const std::vector<tensor>& in) override { return given = pad_to_buckets(in, *this); }
  tensor fetch(const tensor& output) override { return output; }
  std::vector<tensor> given;
};

}  // namespace

TEST_CASE("ranged sides are rounded up to buckets, never beyond their own range") {
  const flowrun::model_file m = picture_model({2, 3, 6});
  auto rounded = [&m](sides shape) { return flowrun::detail::round_up(m.inputs[0], std::move(shape)); };
  CHECK(rounded({2, 1, 1}) == sides{2, 2, 2});
  CHECK(rounded({2, 3, 4}) == sides{2, 3, 6});
  CHECK(rounded({2, 4, 6}) == sides{2, 4, 6});
  CHECK(flowrun::detail::round_up(picture_model({}).inputs[0], {2, 3, 5}) == sides{2, 3, 5});
  CHECK(flowrun::detail::round_up(m, {{2, 1, 3}, {}}) == row_shapes{{2, 2, 3}, {}});
}

TEST_CASE("shapes that are missing are the largest, and others are held to the model") {
  const flowrun::model_file m = picture_model({});
  auto complete = [&m](row_shapes shapes) { return flowrun::detail::complete_shapes(m, std::move(shapes)); };
  CHECK(complete({}) == row_shapes{{2, 4, 6}, {}});
  CHECK(complete({{2, 1, 5}}) == row_shapes{{2, 1, 5}, {}});
  auto fault = [&](row_shapes shapes) { return refusal<std::invalid_argument>([&] { complete(std::move(shapes)); }); };
  CHECK(fault({{2, 5, 5}}) ==
        "a row of [2, 5, 5] was asked for, but the input 'image' of the model 'net' takes [2, 1..4, 1..6]");
  CHECK(fault({{2, 0, 5}}) ==
        "a row of [2, 0, 5] was asked for, but the input 'image' of the model 'net' takes [2, 1..4, 1..6]");
  CHECK(fault({{4, 6}}) ==
        "a row of [4, 6] was asked for, but the input 'image' of the model 'net' takes [2, 1..4, 1..6]");
  CHECK(fault({{}, {1}}) == "a row of [1] was asked for, but the input 'n' of the model 'net' takes []");
  CHECK(fault({{}, {}, {}}) == "a row was asked for with 3 shapes, but the model 'net' has 2 inputs");
}

TEST_CASE("a tensor lies in the corner of its row, with zeros beside it") {
  const flowrun::model_file m = picture_model({});
  const flowrun::row_format format{&m, nullptr};
  const row_shapes shapes = {{2, 2, 3}, {}};
  std::vector<float> values(12, 9);
  std::int64_t number = 5;
  void* const at[] = {values.data(), &number};
  const flowrun::row r(format, at, &shapes);
  CHECK(r.shape() == sides{2, 2, 3});
  CHECK(r.shape("n").empty());
  CHECK(r.values().size() == 12);
  CHECK(r.values<std::int64_t>("n").size() == 1);
  r.put(counting({2, 1, 2}));
  CHECK(values == std::vector<float>{1, 2, 0, 0, 0, 0, 3, 4, 0, 0, 0, 0});
  r.put(counting({2, 2, 3}), "image");
  CHECK(values == std::vector<float>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});
  r.put(counting({2, 2, 1}));
  CHECK(values == std::vector<float>{1, 0, 0, 2, 0, 0, 3, 0, 0, 4, 0, 0});
  tensor six = make_tensor(dtype::int64, {});
  six.values<std::int64_t>()[0] = 6;
  r.put(six, 1);
  CHECK(number == 6);
  auto fault = [&r](const tensor& t) { return refusal<std::invalid_argument>([&] { r.put(t); }); };
  const std::string row = " does not fit the row of float32 [2, 2, 3] for the input 'image' of the model 'net'";
  CHECK(fault(counting({1, 2, 3})) == "a tensor of float32 [1, 2, 3] on cpu" + row);
  CHECK(fault(counting({2, 3, 3})) == "a tensor of float32 [2, 3, 3] on cpu" + row);
  CHECK(fault(counting({2, 2})) == "a tensor of float32 [2, 2] on cpu" + row);
  CHECK(fault(six) == "a tensor of int64 [] on cpu" + row);
  CHECK(refusal<std::logic_error>([&r] { r.put(flowrun::image()); }) ==
        "put() writes an image into rows of the largest shape only, but this row is [2, 2, 3] for the input 'image' of "
        "the model 'net', which takes [2, 1..4, 1..6]");
  const flowrun::row largest(format, at);
  CHECK(largest.shape() == sides{2, 4, 6});
  CHECK(refusal<std::logic_error>([&r] { r.shape(2); }) == "the model has no input 2");
}

TEST_CASE("zeros alone leave the corner as it is") {
  std::vector<std::uint8_t> values(12, 7);
  flowrun::detail::put_in_corner(nullptr, sides{1, 2, 1}, reinterpret_cast<char*>(values.data()), sides{2, 2, 3}, 1);
  CHECK(values == std::vector<std::uint8_t>{7, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 0});
}

TEST_CASE("results say how large a row of an output is") {
  const flowrun::model_file m = picture_model({});
  const std::vector<flowrun::result_row> back = {
      {std::make_shared<const std::vector<tensor>>(1, counting({2, 2, 3})), 1},
      {std::make_shared<const std::vector<tensor>>(1, counting({1, 4, 6})), 0}};
  const flowrun::result_rows rows(m, back);
  CHECK(rows.shape(0) == sides{2, 3});
  CHECK(rows[0][0] == 7);
  CHECK(rows.shape(1, "map") == sides{4, 6});
  CHECK(rows[1].size() == 24);
  CHECK_THROWS_WITH_AS(rows.shape(0, "mapp"), "the model has no output 'mapp'", std::logic_error);
}

TEST_CASE("a lane's call is padded up to the buckets, in the CPU's memory only") {
  const flowrun::model_file m = picture_model({2, 6});
  const flowrun::row_format format{&m, nullptr};
  kept_call call(format);
  tensor numbers = make_tensor(dtype::int64, {2});
  call.run({counting({2, 2, 1, 1}), numbers});
  CHECK(call.given[0].shape == sides{2, 2, 2, 2});
  const auto padded = call.given[0].values<const float>();
  CHECK(std::vector<float>(padded.begin(), padded.end()) ==
        std::vector<float>{1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0});
  CHECK(call.given[1].data == numbers.data);
  tensor fitting = counting({2, 2, 4, 6});
  call.run({fitting, numbers});
  CHECK(call.given[0].data == fitting.data);
  fitting.where.kind = flowrun::place::cuda;
  call.run({fitting, numbers});
  CHECK(call.given[0].data == fitting.data);
  fitting.shape = {2, 2, 3, 6};
  CHECK(refusal<std::logic_error>([&] {
          call.run({fitting, numbers});
        }) ==
        "run() was given [2, 2, 3, 6] on cuda:0 for the input 'image' of the model 'net'; only tensors in the CPU's "
        "memory are padded to buckets, there it must be [2, 2, 4, 6] already");
}
