// Arguments that several commands take.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <sstream>

#include "tool.hpp"

namespace tool {

namespace fs = std::filesystem;

static std::size_t distance(const std::string& a, const std::string& b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row[b.size()];
}

std::string did_you_mean(const std::string& wrong, const std::vector<std::string>& known) {
  const std::string* nearest = nullptr;
  std::size_t best = 3;
  for (const std::string& word : known)
    if (std::size_t d = distance(wrong, word); d < best) {
      best = d;
      nearest = &word;
    }
  return nearest ? " Did you mean '" + *nearest + "'?" : "";
}

void declare_search(CLI::App& command, engine_search& search) {
  command.add_option("--plugins", search.folders, "Folder of plugins, searched before all others (repeatable)")
      ->type_name("DIR");
  command.add_option("--models", search.models, "Folder of model files, searched before all others (repeatable)")
      ->type_name("DIR");
}

void declare_device(CLI::App& command, std::string& device, const char* help) {
  command.add_option("--device", device, help)->type_name("DEVICE");
}

std::vector<flowrun::setting> device_setting(const std::string& device) {
  if (device.empty()) return {};
  return {{"run.device", device}};
}

fs::path program_file() {
  std::error_code error;
  return fs::read_symlink("/proc/self/exe", error);
}

fs::path program_folder() {
  return program_file().parent_path();
}

// The folders a variable names, separated by colons.
static void add_folders(const char* variable, std::vector<fs::path>& to) {
  const char* value = std::getenv(variable);
  if (!value) return;
  std::stringstream list(value);
  for (std::string f; std::getline(list, f, ':');)
    if (!f.empty()) to.emplace_back(f);
}

fs::path cache_folder() {
  if (const char* cache = std::getenv("XDG_CACHE_HOME"); cache && cache[0] == '/') return fs::path(cache) / "flowrun";
  if (const char* home = std::getenv("HOME"); home && home[0] == '/') return fs::path(home) / ".cache" / "flowrun";
  return {};
}

// $FLOWRUN_NVML names another driver library, as tests do; the other two are what CUDA itself reads.
static flowrun::gpu_options read_gpu_options() {
  flowrun::gpu_options gpus;
  if (const char* library = std::getenv("FLOWRUN_NVML"); library && *library) gpus.nvml = library;
  if (const char* visible = std::getenv("CUDA_VISIBLE_DEVICES")) gpus.visible_devices = visible;
  if (const char* order = std::getenv("CUDA_DEVICE_ORDER")) gpus.device_order = order;
  return gpus;
}

flowrun::engine_options engine_search::options() const {
  flowrun::engine_options options;
  for (const std::string& f : folders) options.plugin_folders.emplace_back(f);
  for (const std::string& f : models) options.model_folders.emplace_back(f);
  add_folders("FLOWRUN_PLUGINS", options.fallback_plugin_folders);
  add_folders("FLOWRUN_MODELS", options.fallback_model_folders);
  options.cache_folder = cache_folder();
  options.gpus = read_gpu_options();
  if (!options.cache_folder.empty()) options.fallback_model_folders.push_back(options.cache_folder / "models");
  // Where plugins are installed, and where a build tree has them, both as seen from this program; models likewise.
  std::error_code error;
  fs::path bin = program_folder();
  options.profile_folders.push_back((bin / "../share/flowrun/profiles").lexically_normal());
  for (const char* from_bin : {"../" FLOWRUN_PLUGIN_DIR, "../plugins"}) {
    fs::path folder = (bin / from_bin).lexically_normal();
    if (!fs::is_directory(folder, error)) continue;
    options.fallback_plugin_folders.push_back(folder);
    options.fallback_model_folders.push_back(folder / "models");
  }
  return options;
}

flowrun::engine engine_search::make_engine() const {
  return flowrun::engine(options());
}

void graph_arguments::declare(CLI::App& command) {
  command.add_option("graph", file, "Graph file (YAML)")->required()->type_name("GRAPH");
  command
      .add_option("--set", settings, "NAME=VALUE: a graph param, STAGE.KEY, STAGE.params.PARAM or run.KEY (repeatable)")
      ->type_name("NAME=VALUE");
  declare_device(command, device, "Where model stages run: cpu, sim:16GiB (default: the graph's, else cpu)");
  command
      .add_option("--profile", profiles,
                  "Settings for a machine: gpu-16gb, gpu-8gb, cpu, auto, or a file (repeatable, the last wins)")
      ->type_name("PROFILE");
  const auto count = CLI::Range(std::uint64_t{1}, std::uint64_t{1000000000});
  command.add_option("--max-items", max_items, "The first N items of all sources, and no more")->check(count);
  command.add_option("--max-frames", max_frames, "The first N frames of each video")->check(count);
  command.add_option("--every-nth", every_nth, "Every N-th frame of each video")->check(count);
  command.add_flag_callback(
      "--fast", [this] { profiles.emplace_back("fast"); }, "Preview: the profile fast, smaller pictures");
  declare_search(command, plugins);
}

std::vector<flowrun::setting> graph_arguments::parsed_settings() const {
  std::vector<flowrun::setting> all;
  for (const std::string& s : settings) {
    std::size_t at = s.find('=');
    if (at == std::string::npos || at == 0)
      throw CLI::ValidationError("--set " + s, "it takes NAME=VALUE, such as --set input=photos");
    all.push_back({s.substr(0, at), s.substr(at + 1)});
  }
  for (flowrun::setting& s : device_setting(device)) all.push_back(std::move(s));
  if (max_items) all.push_back({"run.max_items", std::to_string(max_items)});
  if (max_frames) all.push_back({"sources.params.max_frames", std::to_string(max_frames)});
  if (every_nth) all.push_back({"sources.params.every_nth", std::to_string(every_nth)});
  return all;
}

flowrun::graph graph_arguments::load() const {
  return plugins.make_engine().load(file, parsed_settings(), profiles);
}

int print_problems(const flowrun::graph& g) {
  std::size_t errors = 0;
  for (const flowrun::problem& p : g.problems()) {
    std::fprintf(stderr, "%s\n", flowrun::to_text(p).c_str());
    if (!p.warning) ++errors;
  }
  if (errors == 0) return ok;
  std::fprintf(stderr, "%zu problem%s; nothing was started.\n", errors, errors == 1 ? "" : "s");
  // A file that is not there is a mistake on the command line, not in the graph.
  return g.problems().front().rule == "graph_file" ? usage : bad_graph;
}

}  // namespace tool
