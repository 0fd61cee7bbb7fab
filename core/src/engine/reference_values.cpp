#include "reference_values.hpp"

#include <stdexcept>

namespace flowrun::core {

namespace {

std::string shape_text(const std::vector<std::int64_t>& shape) {
  std::string text;
  for (const std::int64_t side : shape) text += ", " + std::to_string(side);
  return "[rows" + text + "]";
}

std::string wanted_shape(const model_port& port) {
  std::string text;
  for (const dimension& d : port.shape)
    text += ", " + std::to_string(d.low) + (d.low == d.high ? "" : ".." + std::to_string(d.high));
  return "[rows" + text + "]";
}

bool has_shape(const tensor& t, const model_port& port) {
  if (t.shape.size() != port.shape.size() + 1) return false;
  for (std::size_t i = 0; i < port.shape.size(); ++i)
    if (t.shape[i + 1] < port.shape[i].low || t.shape[i + 1] > port.shape[i].high) return false;
  return true;
}

void check_shape(const tensor& t, const model_port& port, const char* kind, const std::string& file) {
  if (has_shape(t, port)) return;
  throw std::runtime_error(file + ": '" + port.name + "' has the shape " +
                           (t.shape.empty() ? std::string("[]") : shape_text({t.shape.begin() + 1, t.shape.end()})) +
                           ", but the model's " + kind + " of that name is " + wanted_shape(port));
}

}  // namespace

reference_values sort_reference(const model_file& model, std::map<std::string, tensor> arrays,
                                const std::string& file) {
  reference_values sorted;
  for (const model_port& p : model.inputs) {
    const auto found = arrays.find(p.name);
    if (found == arrays.end())
      throw std::runtime_error(file + " has no array '" + p.name + "', an input of the model '" + model.name + "'");
    check_shape(found->second, p, "input", file);
    if (found->second.type != p.type)
      throw std::runtime_error(file + ": '" + p.name + "' is " + dtype_name(found->second.type) +
                               ", but the model's input is " + dtype_name(p.type));
    sorted.inputs.push_back(found->second);
    arrays.erase(found);
  }
  sorted.rows = static_cast<std::size_t>(sorted.inputs[0].shape[0]);
  if (sorted.rows == 0) throw std::runtime_error(file + " has no rows");
  for (const model_port& p : model.outputs) {
    const auto found = arrays.find(p.name);
    if (found == arrays.end()) continue;
    check_shape(found->second, p, "output", file);
    sorted.outputs.insert(*found);
    arrays.erase(found);
  }
  if (!arrays.empty())
    throw std::runtime_error(file + ": '" + arrays.begin()->first +
                             "' is neither an input nor an output of the model '" + model.name + "'");
  if (sorted.outputs.empty())
    throw std::runtime_error(file + " has none of the outputs of the model '" + model.name + "'");
  const auto check_rows = [&](const tensor& t) {
    if (t.shape[0] != static_cast<std::int64_t>(sorted.rows))
      throw std::runtime_error(file + ": its arrays have different numbers of rows");
  };
  for (const tensor& t : sorted.inputs) check_rows(t);
  for (const auto& entry : sorted.outputs) check_rows(entry.second);
  return sorted;
}

tensor rows_of(const tensor& all, std::size_t first, std::size_t count) {
  tensor part = all;
  const std::size_t row = bytes(all) / static_cast<std::size_t>(all.shape[0]);
  part.shape[0] = static_cast<std::int64_t>(count);
  part.data = std::shared_ptr<void>(all.data, static_cast<char*>(all.data.get()) + first * row);
  return part;
}

}  // namespace flowrun::core
