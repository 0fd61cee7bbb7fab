// The `files` of a model file: which file holds the network for which device.
#include <algorithm>

#include "graph/nearest_name.hpp"
#include "graph/yaml_values.hpp"
#include "model_sections.hpp"
#include "model_values.hpp"

namespace flowrun::core {

namespace {

constexpr std::int64_t most_rows = 65536;

bool is_cuda_target(const std::string& text) {
  const std::string start = "cuda sm_";
  return text.size() > start.size() && text.size() <= start.size() + 4 && text.compare(0, start.size(), start) == 0 &&
         std::all_of(text.begin() + static_cast<std::ptrdiff_t>(start.size()), text.end(),
                     [](char c) { return c >= '0' && c <= '9'; });
}

void read_target(const yaml_node& value, std::string& to, problem_sink& out) {
  const std::vector<std::string> names = {"any", "cpu", "cuda"};
  const bool text = value.is == yaml_node::kind::scalar && !value.text.empty();
  if (text && (std::find(names.begin(), names.end(), value.text) != names.end() || is_cuda_target(value.text)))
    to = value.text;
  else if (text)
    out.error("wrong_value", value.at,
              "'for' must be any, cpu, cuda or cuda sm_NN, but is " + show(value) +
                  (value.text == "gpu" ? ". Did you mean 'cuda'?" : did_you_mean(value.text, names)));
  else
    refuse(value, "'for'", "any, cpu, cuda or cuda sm_NN", out);
}

void read_sha256(const yaml_node& value, std::string& to, problem_sink& out) {
  if (!expect_text(value, "'sha256'", out)) return;
  to.clear();
  for (char c : value.text) to += c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
  const bool hex = to.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (to.size() == 64 && hex) return;
  refuse(value, "'sha256'", "64 hexadecimal digits, as sha256sum prints them", out);
  to.clear();
}

void read_precisions(const yaml_node& value, std::vector<std::string>& to, problem_sink& out) {
  const std::vector<std::string> names = {"fp32", "fp16", "bf16"};
  const bool list = value.is == yaml_node::kind::list;
  if (list && value.items.empty())
    out.error("missing_value", value.at, "'precision' is empty; write some of fp32, fp16 and bf16, or remove it");
  for (const yaml_node& item : list ? value.items : std::vector<yaml_node>{value}) {
    const auto i = find_choice(item, list ? "an entry of 'precision'" : "'precision'", names, out);
    if (i && std::find(to.begin(), to.end(), names[*i]) != to.end())
      out.error("repeated_name", item.at, "'precision' has '" + names[*i] + "' twice; remove one");
    else if (i)
      to.push_back(names[*i]);
  }
}

void read_batch(const yaml_node& value, model_variant& to, problem_sink& out) {
  if (value.is != yaml_node::kind::list || value.items.size() != 2) {
    if (value.is == yaml_node::kind::list)
      out.error("wrong_value", value.at,
                "'batch' must be two ints, such as [1, 128], but has " + std::to_string(value.items.size()));
    else
      refuse(value, "'batch'", "two ints, such as [1, 128]", out);
    return;
  }
  const auto low = read_integer(value.items[0], "the smallest 'batch'", 1, most_rows, out);
  const auto high = read_integer(value.items[1], "the largest 'batch'", 1, most_rows, out);
  if (!low || !high) return;
  if (*low > *high)
    out.error("wrong_value", value.at,
              "'batch' is [" + std::to_string(*low) + ", " + std::to_string(*high) + "]; the smaller comes first");
  to.batch_low = static_cast<std::size_t>(*low);
  to.batch_high = static_cast<std::size_t>(*high);
}

model_variant read_variant(const yaml_node& value, problem_sink& out) {
  model_variant to;
  if (!expect_map(value, "an entry of 'files'", out)) return to;
  read_keys(value, "an entry of 'files'",
            {{"for", [&](const yaml_node& v) { read_target(v, to.target, out); }},
             {"backend", [&](const yaml_node& v) { read_name(v, "'backend'", to.backend, out); },
              "write backend: NAME, such as torch"},
             {"path", [&](const yaml_node& v) { read_line(v, "'path'", to.path, out); },
              "write path: FILE, relative to the model file"},
             {"sha256", [&](const yaml_node& v) { read_sha256(v, to.sha256, out); },
              "write sha256: SUM, as sha256sum prints it of the file"},
             {"method", [&](const yaml_node& v) { read_name(v, "'method'", to.method, out); }},
             {"precision", [&](const yaml_node& v) { read_precisions(v, to.precisions, out); }},
             {"torch", [&](const yaml_node& v) { read_line(v, "'torch'", to.torch, out); }},
             {"batch", [&](const yaml_node& v) { read_batch(v, to, out); }}},
            out);
  return to;
}

}  // namespace

std::vector<model_variant> read_model_variants(const yaml_node& value, problem_sink& out) {
  std::vector<model_variant> variants;
  if (!expect_list(value, "'files'", out)) return variants;
  if (value.items.empty()) out.error("missing_value", value.at, "'files' is empty; a model has at least one file");
  for (const yaml_node& item : value.items) variants.push_back(read_variant(item, out));
  return variants;
}

}  // namespace flowrun::core
