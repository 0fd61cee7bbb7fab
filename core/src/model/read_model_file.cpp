#include "read_model_file.hpp"

#include <algorithm>

#include "graph/yaml_tree.hpp"
#include "graph/yaml_values.hpp"
#include "model_sections.hpp"
#include "model_values.hpp"
#include "small_file.hpp"

namespace flowrun::core {

namespace {

constexpr std::size_t most_bytes = 1 << 20;
const file_kind model_file_kind = {"model file", "`flowrun_model: 1`, `name:`, `files:`, `inputs:` and `outputs:`"};

void read_version(const yaml_node& value, problem_sink& out) {
  if (value.is == yaml_node::kind::null)
    out.error("missing_value", value.at, "'flowrun_model' has no value; this version reads model files of version 1");
  else if (to_integer(value) != 1)
    out.error("version", value.at,
              "'flowrun_model' is " + show(value) + ", but this version reads model files of version 1");
}

// A model is found by the name of its file.
void read_own_name(const yaml_node& value, const std::filesystem::path& file, std::string& to, problem_sink& out) {
  if (!read_line(value, "'name'", to, out)) return;
  const std::string stem = file.stem().string();
  if (to != stem)
    out.error("wrong_name", value.at,
              "'name' is '" + to + "', but the file is " + file.filename().string() + "; write name: " + stem +
                  ", or rename the file");
}

void read_origin(const yaml_node& value, std::map<std::string, std::string>& to, problem_sink& out) {
  if (!expect_map(value, "'origin'", out)) return;
  for (const auto& [key, text] : value.entries) read_line(text, "'" + key.text + "' of 'origin'", to[key.text], out);
}

void read_constants(const yaml_node& value, std::map<std::string, model_constant>& to, problem_sink& out) {
  if (!expect_map(value, "'constants'", out)) return;
  for (const auto& [key, scalar] : value.entries) {
    if (!is_name(key.text))
      out.error("bad_name", key.at, "'" + key.text + "' cannot name a constant; use letters, digits, _ and -");
    if (scalar.is != yaml_node::kind::scalar) {
      refuse(scalar, "constant '" + key.text + "'", "a bool, a number or a text", out);
      continue;
    }
    model_constant& c = to[key.text];
    if (const auto b = to_boolean(scalar))
      c = *b;
    else if (const auto i = to_integer(scalar))
      c = *i;
    else if (const auto d = to_number(scalar))
      c = *d;
    else
      c = scalar.text;
  }
}

void read_needs(const yaml_node& value, model_needs& to, problem_sink& out) {
  if (!expect_map(value, "'needs'", out)) return;
  const auto bytes = [&out](const char* what, std::uint64_t& n) {
    return [&out, what, &n](const yaml_node& v) {
      const auto given = to_bytes(v);
      if (given)
        n = *given;
      else
        refuse(v, what, "bytes, such as 20MiB or 1048576", out);
    };
  };
  read_keys(value, "'needs'",
            {{"resident", bytes("'resident'", to.resident)},
             {"per_row", bytes("'per_row'", to.per_row)},
             {"fixed", bytes("'fixed'", to.fixed)}},
            out);
  if (value.entries.empty())
    out.error("missing_value", value.at, "'needs' is empty; write resident: BYTES and per_row: BYTES, or remove it");
  to.known = true;
}

void read_sections(const yaml_node& root, const std::filesystem::path& file, model_file& to, problem_sink& out) {
  const yaml_node *preprocess = nullptr, *labels = nullptr;
  position state;
  bool inputs_whole = false, outputs_whole = false;
  const auto ports = [&out](const char* key, std::vector<model_port>& all, bool& whole) {
    return [&out, key, &all, &whole](const yaml_node& v) {
      const std::size_t before = out.errors();
      all = read_model_ports(v, key, out);
      whole = out.errors() == before;
    };
  };
  const auto line = [&out](const char* what, std::string& text) {
    return [&out, what, &text](const yaml_node& v) { read_line(v, what, text, out); };
  };
  read_keys(root, "a model file",
            {{"flowrun_model", [&](const yaml_node& v) { read_version(v, out); }, "write flowrun_model: 1"},
             {"name", [&](const yaml_node& v) { read_own_name(v, file, to.name, out); },
              "write name: NAME, as the file is named"},
             {"task", line("'task'", to.task)},
             {"licence", line("'licence'", to.licence)},
             {"doc",
              [&](const yaml_node& v) {
                if (expect_text(v, "'doc'", out)) to.doc = v.text;
              }},
             {"origin", [&](const yaml_node& v) { read_origin(v, to.origin, out); }},
             {"files", [&](const yaml_node& v) { to.variants = read_model_variants(v, out); },
              "write files: [{backend: NAME, path: FILE, sha256: SUM}]"},
             {"inputs", ports("inputs", to.inputs, inputs_whole),
              "write inputs: [{name: image, dtype: float32, shape: [3, 224, 224]}]"},
             {"outputs", ports("outputs", to.outputs, outputs_whole),
              "write outputs: [{name: logits, dtype: float32, shape: [1000]}]"},
             {"preprocess", [&](const yaml_node& v) { preprocess = &v; }},
             {"labels", [&](const yaml_node& v) { labels = &v; }},
             {"constants", [&](const yaml_node& v) { read_constants(v, to.constants, out); }},
             {"state",
              [&](const yaml_node& v) {
                read_choice<bool>(v, "'state'", {{"none", false}, {"stream", true}}, to.stream_state, out);
                state = v.at;
              }},
             {"needs", [&](const yaml_node& v) { read_needs(v, to.needs, out); }}},
            out);
  if (to.stream_state && inputs_whole) check_state(to, state, out);
  // These two speak of ports, which may stand below them.
  if (preprocess) to.preprocess = read_preprocess(*preprocess, inputs_whole ? &to.inputs : nullptr, out);
  if (!labels) return;
  const std::size_t before = out.errors();
  to.labels = read_labels(*labels, file.parent_path(), out);
  if (out.errors() == before && outputs_whole) check_labels(to, labels->at, out);
}

}  // namespace

model_file read_model_text(const std::string& text, const std::filesystem::path& file, std::vector<problem>& problems) {
  model_file model;
  model.file = file.string();
  std::vector<problem> own;
  problem_sink out(model.file, {}, own, model_file_kind);
  if (const auto root = read_yaml_map(text, out)) read_sections(*root, file, model, out);
  sort_problems(own);
  problems.insert(problems.end(), own.begin(), own.end());
  return model;
}

model_file read_model_file(const std::filesystem::path& file, std::vector<problem>& problems) {
  std::string fault;
  const auto text = read_small_file(file, most_bytes, fault);
  if (text) return read_model_text(*text, file, problems);
  problem_sink(file.string(), {}, problems, model_file_kind).error("unreadable_file", {}, "the model file " + fault);
  return {};
}

}  // namespace flowrun::core
