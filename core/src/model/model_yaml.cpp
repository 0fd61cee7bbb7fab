#include "model_yaml.hpp"

#include <nlohmann/json.hpp>
#include <stdexcept>

namespace flowrun::core {

namespace {

// JSON's texts are YAML's too.
std::string json_text(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string list_of(const std::string& key, const std::vector<std::string>& entries) {
  std::string text = key + ":\n";
  for (const std::string& e : entries) text += "  - " + e + "\n";
  return text;
}

bool is_side(const std::string& text) {
  return !text.empty() && text.find_first_not_of("0123456789.") == std::string::npos;
}

// "3x224x224" to "3, 224, 224"; empty: it is no shape.
std::string read_sides(const std::string& text) {
  std::string sides;
  std::size_t at = 0;
  for (;;) {
    const std::size_t end = std::min(text.find('x', at), text.size());
    const std::string side = text.substr(at, end - at);
    if (!is_side(side)) return {};
    sides += (sides.empty() ? "" : ", ") + side;
    if (end == text.size()) return sides;
    at = end + 1;
  }
}

}  // namespace

std::string write_port(const std::string& name, dtype type, const std::vector<std::int64_t>& shape) {
  std::string sides;
  for (const std::int64_t side : shape) sides += (sides.empty() ? "" : ", ") + std::to_string(side);
  return "{name: " + json_text(name) + ", dtype: " + dtype_name(type) + ", shape: [" + sides + "]}";
}

std::string read_input(const std::string& text, const std::string& unnamed, std::string& name) {
  const std::size_t equals = text.find('='), colon = text.rfind(':');
  name = equals == std::string::npos ? unnamed : text.substr(0, equals);
  const std::size_t from = equals == std::string::npos ? 0 : equals + 1;
  const bool typed = colon != std::string::npos && colon >= from;
  const std::string type = typed ? text.substr(colon + 1) : "float32";
  const std::string sides = read_sides(text.substr(from, typed ? colon - from : std::string::npos));
  if (sides.empty() || name.empty() || type.empty())
    throw std::invalid_argument(
        "'" + text +
        "' is no input; write the shape of one row, such as 3x224x224, or with its name and type "
        "tokens=77:int64");
  return "{name: " + json_text(name) + ", dtype: " + json_text(type) + ", shape: [" + sides + "]}";
}

std::vector<std::string> preset_names() {
  return {"imagenet", "unit", "signed"};
}

std::string write_preset(const std::string& preset, std::int64_t side) {
  // Networks of ImageNet see the middle seven eighths.
  if (preset == "imagenet")
    return "{resize: {side: " + std::to_string((side * 8 + 6) / 7) +
           ", mode: shortest, filter: bilinear}, crop: center, order: rgb, scale: 0.00392156862745098, "
           "mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225]}";
  if (preset == "unit") return "{resize: {mode: stretch}, order: rgb, scale: 0.00392156862745098}";
  if (preset == "signed") return "{resize: {mode: stretch}, order: rgb, mean: 127.5, std: 127.5}";
  return {};
}

std::string write_model_yaml(const model_draft& d) {
  std::string text = "flowrun_model: 1\nname: " + json_text(d.name) + "\n";
  if (!d.task.empty()) text += "task: " + json_text(d.task) + "\n";
  if (!d.licence.empty()) text += "licence: " + json_text(d.licence) + "\n";
  text += list_of("files", {"{backend: " + d.backend + ", path: " + json_text(d.path) + ", sha256: \"" + d.sha256 +
                            "\"" + (d.single_rows ? ", batch: [1, 1]" : "") + "}"});
  text += list_of("inputs", d.inputs) + list_of("outputs", d.outputs);
  if (!d.preprocess.empty()) text += "preprocess:\n  " + json_text(d.first_input) + ": " + d.preprocess + "\n";
  if (!d.labels.empty()) text += "labels: " + json_text(d.labels) + "\n";
  if (d.needs.known)
    text +=
        "# An estimate: the weights' size, and how the memory of the process grew with the rows of a call on the CPU.\n"
        "needs: {resident: " +
        std::to_string(d.needs.resident) + ", per_row: " + std::to_string(d.needs.per_row) + "}\n";
  return text;
}

}  // namespace flowrun::core
