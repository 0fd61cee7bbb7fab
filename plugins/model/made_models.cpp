#include "made_models.hpp"

namespace model_stages::test {

using namespace flowrun;

model_port floats(const std::string& name, std::int64_t values) {
  return {name, dtype::float32, {{values, values}}, {}};
}

model_file made_model(const std::string& task, std::vector<model_port> outputs) {
  model_file m;
  m.name = "made";
  m.task = task;
  m.file = "models/made.yaml";
  m.inputs.push_back({"image", dtype::float32, {{3, 3}, {2, 2}, {2, 2}}, {}});
  m.outputs = std::move(outputs);
  m.preprocess["image"] = {};
  return m;
}

std::vector<tensor> echo(const model_file& model, std::span<const tensor> in) {
  const auto rows = static_cast<std::size_t>(in[0].shape[0]);
  const std::span<const float> from = in[0].values<const float>();
  const std::size_t width = from.size() / rows;
  std::vector<tensor> out;
  for (const model_port& p : model.outputs) {
    std::vector<std::int64_t> shape = {in[0].shape[0]};
    for (const dimension& d : p.shape) shape.push_back(d.high);
    out.push_back(make_tensor(p.type, shape));
    const std::span<float> to = out.back().values<float>();
    const std::size_t each = p.row_values();
    for (std::size_t r = 0; r < rows; ++r)
      for (std::size_t v = 0; v < each; ++v) to[r * each + v] = from[r * width + v % width];
  }
  return out;
}

image made_picture(int width, int height, int red, int green, int blue) {
  image_buffer b(width, height, 3);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      b.row(y)[3 * x] = static_cast<std::uint8_t>(blue);
      b.row(y)[3 * x + 1] = static_cast<std::uint8_t>(green);
      b.row(y)[3 * x + 2] = static_cast<std::uint8_t>(red);
    }
  return std::move(b).freeze();
}

}  // namespace model_stages::test
