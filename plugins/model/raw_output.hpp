// model.tensor: what a network gives, as it is.
#pragma once
#include <flowrun/plugin.hpp>

namespace model_stages {

// A tensor that can be kept.
struct shaped_values {
  static constexpr auto port = "model.values/1";
  std::vector<std::int64_t> shape;
  std::vector<float> values;

  static void fields(flowrun::fields<shaped_values>& f) {
    f.field("shape", &shaped_values::shape, "sides of the output; empty: a single value");
    f.field("values", &shaped_values::values, "row-major; other types than float32 are converted");
  }
};

struct raw_output {
  static constexpr auto name = "tensor";
  std::string output, image_input, tensor_input;

  static void describe(flowrun::description<raw_output>& d);
  void start(const flowrun::model_calls& calls);
  flowrun::row_shapes shapes(const flowrun::image* picture, const flowrun::tensor* values, std::size_t) const;
  void prepare(const flowrun::image* picture, const flowrun::tensor* values, std::size_t, flowrun::row& row) const;
  std::tuple<flowrun::tensor, shaped_values> finish(const flowrun::image*, const flowrun::tensor*,
                                                    const flowrun::result_rows& rows) const;

 private:
  static constexpr std::size_t none = ~std::size_t{0};
  std::size_t output_ = 0, image_ = none, tensor_ = none;
  std::vector<flowrun::model_port> inputs_;
};

}  // namespace model_stages
