#include "find_output.hpp"

#include <flowrun/packet.hpp>

namespace model_stages {

namespace {

using flowrun::model_file;

std::string name_of(const model_file& m) {
  return "the model '" + m.name + "'" + (m.file.empty() ? "" : " (" + m.file + ")");
}

// "logits [1000], embedding [1280]"
std::string list_outputs(const model_file& m) {
  std::string all;
  for (const flowrun::model_port& p : m.outputs) {
    all += (all.empty() ? "" : ", ") + p.name + " [";
    for (std::size_t i = 0; i < p.shape.size(); ++i) all += (i ? ", " : "") + std::to_string(p.shape[i].high);
    all += "]";
  }
  return all;
}

std::size_t find_named(const model_file& m, const std::string& wanted, const std::string& param) {
  for (std::size_t i = 0; i < m.outputs.size(); ++i)
    if (m.outputs[i].name == wanted) return i;
  throw flowrun::input_error(name_of(m) + " has no output '" + wanted + "', which '" + param +
                             "' names; it has: " + list_outputs(m));
}

[[noreturn]] void refuse_several(const model_file& m, const std::string& param) {
  throw flowrun::input_error(name_of(m) + " has several outputs: " + list_outputs(m) + "; name one of them with '" +
                             param + "'");
}

void expect_float(const model_file& m, std::size_t output) {
  if (m.outputs[output].type != flowrun::dtype::float32)
    throw flowrun::input_error("output '" + m.outputs[output].name + "' of " + name_of(m) + " is " +
                               flowrun::dtype_name(m.outputs[output].type) +
                               "; only float32 is read here, model.tensor gives the others");
}

}  // namespace

std::size_t find_output(const model_file& m, const std::string& wanted) {
  if (!wanted.empty()) return find_named(m, wanted, "output");
  if (m.outputs.size() != 1) refuse_several(m, "output");
  return 0;
}

std::size_t find_score_output(const model_file& m, const std::string& wanted) {
  std::size_t found = m.outputs.size(), fitting = 0;
  if (!wanted.empty()) {
    found = find_named(m, wanted, "output");
  } else if (m.outputs.size() == 1) {
    found = 0;
  } else {
    for (std::size_t i = 0; i < m.outputs.size() && !m.labels.empty(); ++i)
      if (m.outputs[i].row_values() == m.labels.size() && ++fitting == 1) found = i;
    if (fitting != 1) refuse_several(m, "output");
  }
  expect_float(m, found);
  if (const std::size_t values = m.outputs[found].row_values(); !m.labels.empty() && values != m.labels.size())
    throw flowrun::input_error("output '" + m.outputs[found].name + "' of " + name_of(m) + " has " +
                               std::to_string(values) + " values, but there are " + std::to_string(m.labels.size()) +
                               " labels; name the output of the scores with 'output'");
  return found;
}

std::size_t find_vector_output(const model_file& m, const std::string& wanted, const std::string& param) {
  std::size_t found = m.outputs.size();
  if (!wanted.empty()) {
    found = find_named(m, wanted, param);
  } else if (m.outputs.size() == 1) {
    found = 0;
  } else {
    for (std::size_t i = 0; i < m.outputs.size(); ++i)
      if (m.outputs[i].name == "embedding") found = i;
    if (found == m.outputs.size()) refuse_several(m, param);
  }
  expect_float(m, found);
  return found;
}

}  // namespace model_stages
