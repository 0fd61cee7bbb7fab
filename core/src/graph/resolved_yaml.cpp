#include "resolved_yaml.hpp"

#include <filesystem>

#include "../plugin/param_text.hpp"
#include "yaml_values.hpp"

namespace flowrun::core {

namespace {

// ${ would be a graph param when read again.
std::string escape(std::string text) {
  for (std::size_t at = 0; (at = text.find("${", at)) != std::string::npos; at += 3) text.insert(at, "$");
  return text;
}

std::string quote(const std::string& text) {
  return escape(write_value(param_value(text)));
}

std::string port_text(const checked_graph& g, port_index p) {
  const checked_stage& s = g.stages[static_cast<std::size_t>(p.stage)];
  return s.name + "." + s.manifest.outputs[static_cast<std::size_t>(p.port)].name;
}

const char* error_text(on_error rule) {
  return rule == on_error::stop ? "stop" : "continue";
}

class flow_map {
 public:
  void add(const std::string& key, const std::string& value) {
    text_ += (text_.size() > 1 ? ", " : "") + key + ": " + value;
  }
  bool empty() const { return text_.size() == 1; }
  std::string text() const { return text_ + "}"; }

 private:
  std::string text_ = "{";
};

std::string write_run(const run_settings& run) {
  flow_map map;
  map.add("out", quote(run.out));
  if (run.in_flight) map.add("in_flight", std::to_string(run.in_flight));
  if (run.ram) map.add("ram", std::to_string(run.ram));
  if (run.threads) map.add("threads", std::to_string(run.threads));
  map.add("on_error", error_text(run.error_rule));
  map.add("max_error_rate", number_text(run.max_error_rate));
  if (run.max_items) map.add("max_items", std::to_string(run.max_items));
  if (run.cache_size != run_settings{}.cache_size) map.add("cache_size", std::to_string(run.cache_size));
  if (!run.store) map.add("store", "none");
  if (!run.device.empty()) map.add("device", quote(run.device));
  if (run.vram) map.add("vram", std::to_string(run.vram));
  return map.text();
}

std::string write_inputs(const checked_graph& g, const checked_stage& s) {
  flow_map map;
  for (std::size_t i = 0; i < s.inputs.size(); ++i) {
    std::string ports;
    for (const port_index& p : s.inputs[i]) ports += (ports.empty() ? "" : ", ") + port_text(g, p);
    if (s.inputs[i].size() > 1) ports = "[" + ports + "]";
    if (!ports.empty()) map.add(s.manifest.inputs[i].name, ports);
  }
  return map.text();
}

std::string write_model(const checked_stage& s) {
  if (s.manifest.models.empty()) return {};
  flow_map files;
  for (std::size_t i = 0; i < s.manifest.models.size(); ++i)
    files.add(s.manifest.models[i].name, quote(s.model.files.at(i).name));
  const model_settings& m = s.model;
  std::string text = "    model: " + files.text() + "\n";
  if (m.batch) text += "    batch: " + std::to_string(m.batch) + "\n";
  if (m.lanes) text += "    lanes: " + std::to_string(m.lanes) + "\n";
  if (m.precision != "auto") text += "    precision: " + m.precision + "\n";
  if (!m.device.empty()) text += "    device: " + quote(m.device) + "\n";
  if (!m.pin) text += "    pin: false\n";
  if (m.vram) text += "    vram: " + std::to_string(m.vram) + "\n";
  return text;
}

std::string write_stage(const checked_graph& g, const checked_stage& s) {
  std::string text = "  " + s.name + ":\n    use: " + s.manifest.use() + "\n";
  if (!s.inputs.empty()) text += "    in: " + write_inputs(g, s) + "\n";
  flow_map params;
  for (std::size_t i = 0; i < s.params.size(); ++i)
    params.add(s.manifest.params[i].name, escape(write_value(s.params[i])));
  if (!params.empty()) text += "    params: " + params.text() + "\n";
  if (s.parallel) text += "    parallel: " + std::to_string(s.parallel) + "\n";
  if (s.retries) text += "    retries: " + std::to_string(s.retries) + "\n";
  if (s.error_rule != g.run.error_rule) text += std::string("    on_error: ") + error_text(s.error_rule) + "\n";
  if (s.cache) text += "    cache: true\n";
  if (s.every > 1) text += "    every: " + std::to_string(s.every) + "\n";
  if (s.max_items) text += "    max_items: " + std::to_string(s.max_items) + "\n";
  if (s.keep_order) text += "    order: keep\n";
  text += write_model(s);
  return text;
}

std::string write_kept(const checked_graph& g) {
  std::string text;
  for (std::size_t i = 0; i < g.stages.size(); ++i)
    for (std::size_t k = 0; k < g.stages[i].kept.size(); ++k)
      if (g.stages[i].kept[k])
        text += (text.empty() ? "" : ", ") + port_text(g, {static_cast<int>(i), static_cast<int>(k)});
  return "keep: [" + text + "]\n";
}

std::string write_folders(const std::string& key, const std::string& file, const std::vector<yaml_node>& folders) {
  namespace fs = std::filesystem;
  std::string text;
  for (const yaml_node& f : folders) {
    std::error_code error;
    const fs::path path = fs::absolute(fs::path(file).parent_path() / f.text, error).lexically_normal();
    text += (text.empty() ? "" : ", ") + quote(error ? f.text : path.string());
  }
  return text.empty() ? text : key + ": [" + text + "]\n";
}

}  // namespace

std::string write_resolved(const checked_graph& g, const std::vector<yaml_node>& plugin_folders,
                           const std::vector<yaml_node>& model_folders) {
  std::string text = "flowrun: 1\n" + write_folders("plugins", g.file, plugin_folders) +
                     write_folders("models", g.file, model_folders) + "run: " + write_run(g.run) + "\nstages:\n";
  for (const checked_stage& s : g.stages) text += write_stage(g, s);
  if (g.run.store) text += write_kept(g);
  flow_map exports;
  for (const export_setting& e : g.exports) exports.add(e.format, quote(e.path));
  if (!exports.empty()) text += "export: " + exports.text() + "\n";
  return text;
}

}  // namespace flowrun::core
