#include "raw_output.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "made_models.hpp"
#include "model/preprocess.hpp"
#include "typed_values.hpp"

using namespace model_stages;
using namespace model_stages::test;
using flowrun::dtype;
using flowrun::tensor;

namespace {

using tester = flowrun::testing::model<raw_output>;

tensor counting(std::vector<std::int64_t> shape) {
  tensor t = flowrun::make_tensor(dtype::float32, std::move(shape));
  for (std::size_t i = 0; i < t.count(); ++i) t.values<float>()[i] = static_cast<float>(i);
  return t;
}

flowrun::model_file map_model() {
  return made_model("depth", {{"map", dtype::float32, {{2, 2}, {3, 3}}, {}}});
}

flowrun::testing::tensor_network echo_of(const flowrun::model_file& m) {
  return [m](std::span<const tensor> in) { return echo(m, in); };
}

}  // namespace

TEST_CASE("the output of a picture, as tensor and as values that can be kept") {
  tester t(map_model(), echo_of(map_model()), &flowrun::core::put_image);
  const auto answer = t(made_picture(20000, 50, 7, 8, 9), nullptr);
  const tensor& out = answer.get<tensor>("tensor");
  CHECK(out.type == dtype::float32);
  CHECK(out.shape == std::vector<std::int64_t>{2, 3});
  CHECK(out.values<const float>()[5] == 8);
  const shaped_values& kept = answer.get<shaped_values>("values");
  CHECK(kept.shape == out.shape);
  CHECK(kept.values == std::vector<float>{7, 7, 7, 7, 8, 8});
  CHECK(t(made_picture(1, 1, 7, 8, 9), nullptr).get<shaped_values>("values").values == kept.values);
}

TEST_CASE("a tensor instead of a picture, of the model's type and shape") {
  tester t(map_model(), echo_of(map_model()), &flowrun::core::put_image);
  CHECK(t(nullptr, counting({3, 2, 2})).get<shaped_values>("values").values == std::vector<float>{0, 1, 2, 3, 4, 5});
  CHECK(t(nullptr, counting({2, 3})).reason ==
        "the tensor is float32 [2, 3], but input 'image' of the model is float32 [3, 2, 2]");
  CHECK(t(nullptr, nullptr).reason == "there is nothing for input 'image' of the model; wire 'image' or 'tensor'");
  CHECK(t(made_picture(2, 2, 1, 1, 1), counting({3, 2, 2})).reason ==
        "there are a picture and a tensor, but the model has one input; wire one of them");
}

TEST_CASE("a tensor of any shape within a range, padded to the model's buckets") {
  flowrun::model_file m = map_model();
  m.inputs[0].shape = {{3, 3}, {1, 4}, {2, 4}};
  m.inputs[0].buckets = {2, 4};
  m.outputs[0].shape = {{3, 3}, {1, 4}, {2, 4}};
  auto same = [](std::span<const tensor> in) { return std::vector<tensor>{in[0]}; };
  tester t(m, same, &flowrun::core::put_image);
  const auto padded = t(nullptr, counting({3, 1, 2})).get<shaped_values>("values");
  CHECK(padded.shape == std::vector<std::int64_t>{3, 2, 2});
  CHECK(padded.values == std::vector<float>{0, 1, 0, 0, 2, 3, 0, 0, 4, 5, 0, 0});
  CHECK(t(nullptr, counting({3, 3, 2})).get<tensor>("tensor").shape == std::vector<std::int64_t>{3, 4, 2});
  CHECK(t(made_picture(9, 9, 7, 8, 9), nullptr).get<tensor>("tensor").shape == std::vector<std::int64_t>{3, 4, 4});
  CHECK(t(nullptr, counting({3, 1, 1})).reason ==
        "the tensor is float32 [3, 1, 1], but input 'image' of the model is float32 [3, 1..4, 2..4]");
  m.inputs[0].buckets.clear();
  tester any(m, same, &flowrun::core::put_image);
  const auto values = any(nullptr, counting({3, 1, 3})).get<shaped_values>("values");
  CHECK(values.shape == std::vector<std::int64_t>{3, 1, 3});
  CHECK(values.values == std::vector<float>{0, 1, 2, 3, 4, 5, 6, 7, 8});
}

TEST_CASE("both: the picture goes where the preprocess is") {
  flowrun::model_file m = made_model("", {floats("sum", 2)});
  m.inputs.insert(m.inputs.begin(), {"more", dtype::int64, {{2, 2}}, {}});
  auto network = [](std::span<const tensor> in) {
    tensor out = flowrun::make_tensor(dtype::float32, {in[0].shape[0], 2});
    for (std::size_t i = 0; i < out.count(); ++i)
      out.values<float>()[i] =
          static_cast<float>(in[0].values<const std::int64_t>()[i]) + in[1].values<const float>()[i / 2 * 12];
    return std::vector<tensor>{out};
  };
  tester t(m, network, &flowrun::core::put_image);
  tensor more = flowrun::make_tensor(dtype::int64, {2});
  more.values<std::int64_t>()[0] = 1000;
  more.values<std::int64_t>()[1] = -5;
  CHECK(t(made_picture(2, 2, 7, 1, 1), more).get<shaped_values>("values").values == std::vector<float>{1007, 2});
  CHECK(t(made_picture(2, 2, 7, 1, 1), nullptr).reason ==
        "there is nothing for input 'more' of the model; wire 'tensor'");
  CHECK(t(nullptr, more).reason == "there is nothing for input 'image' of the model; wire 'image'");
  tester wrong(m, network, &flowrun::core::put_image);
  wrong.set("image_input", "image").set("tensor_input", "image");
  CHECK_THROWS_WITH_AS(wrong.open(), "'image_input' and 'tensor_input' both name 'image'; name two inputs",
                       flowrun::input_error);
  tester unknown(m, network, &flowrun::core::put_image);
  CHECK_THROWS_WITH_AS(unknown.set("tensor_input", "mor").open(),
                       "the model 'made' has no input 'mor', which 'tensor_input' names; it has: more, image",
                       flowrun::input_error);
  m.inputs.push_back(floats("third", 1));
  tester three(m, network, &flowrun::core::put_image);
  CHECK_THROWS_WITH_AS(
      three.open(),
      "the model 'made' has 3 inputs, but this stage gives it a picture and a tensor at most; it needs "
      "a stage of its own",
      flowrun::input_error);
}

TEST_CASE("every type of output becomes float32") {
  CHECK(half_to_float(0x3c00) == 1);
  CHECK(half_to_float(0xc500) == -5);
  CHECK(half_to_float(0x0001) == std::ldexp(1.0f, -24));
  CHECK(half_to_float(0x8000) == 0);
  CHECK(half_to_float(0x7bff) == 65504);
  CHECK(std::isinf(half_to_float(0x7c00)));
  CHECK(std::isnan(half_to_float(0x7e00)));
  CHECK(to_float<std::uint16_t>(dtype::bfloat16, 0xc0a0) == -5);
  for (dtype type : {dtype::uint8, dtype::boolean, dtype::int32, dtype::int64, dtype::float16, dtype::bfloat16}) {
    CAPTURE(flowrun::dtype_name(type));
    const flowrun::model_file m = made_model("", {{"n", type, {}, {}}});
    auto network = [type](std::span<const tensor> in) {
      tensor out = flowrun::make_tensor(type, {in[0].shape[0]});
      with_type(type, [&]<class V>() {
        const int one = type == dtype::float16 ? 0x3c00 : type == dtype::bfloat16 ? 0x3f80 : 1;
        for (V& v : out.values<V>()) v = static_cast<V>(one);
      });
      return std::vector<tensor>{out};
    };
    tester t(m, network, &flowrun::core::put_image);
    const auto answer = t(made_picture(2, 2, 1, 1, 1), nullptr);
    CHECK(answer.get<tensor>("tensor").type == type);
    CHECK(answer.get<shaped_values>("values").shape.empty());
    CHECK(answer.get<shaped_values>("values").values == std::vector<float>{1});
  }
}
