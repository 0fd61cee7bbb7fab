#include "declared_outputs.hpp"

namespace flowrun::torch_backend {

static std::string text_of(const tensor& t) {
  std::string text = std::string(dtype_name(t.type)) + " [";
  for (std::size_t i = 0; i < t.shape.size(); ++i) text += (i ? ", " : "") + std::to_string(t.shape[i]);
  return text + "]";
}

static std::string text_of(const model_port& p) {
  std::string text = std::string(dtype_name(p.type)) + " [";
  for (std::size_t i = 0; i < p.shape.size(); ++i) {
    const dimension& d = p.shape[i];
    text += (i ? ", " : "") + std::to_string(d.low) + (d.low == d.high ? "" : ".." + std::to_string(d.high));
  }
  return text + "]";
}

std::string find_unfit_output(const model_file& model, const std::vector<tensor>& out, std::size_t rows) {
  for (std::size_t i = 0; i < model.outputs.size(); ++i) {
    const model_port& p = model.outputs[i];
    const std::size_t most = rows * p.row_values();
    const bool fits = out[i].type == p.type && !out[i].shape.empty() &&
                      out[i].shape[0] == static_cast<std::int64_t>(rows) &&
                      (p.fixed() ? out[i].count() == most : out[i].count() <= most);
    if (!fits)
      return "its output '" + p.name + "' for " + std::to_string(rows) + (rows == 1 ? " row" : " rows") + " is " +
             text_of(out[i]) + "; its model file declares " + text_of(p) + " a row";
  }
  return {};
}

}  // namespace flowrun::torch_backend
