#include "run_files.hpp"

#include <unistd.h>

#include <chrono>
#include <ctime>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include <flowrun/abi.hpp>
#include <flowrun/atomic_file.hpp>

#include "../store/store_error.hpp"

namespace flowrun {

namespace core {

static void write_small_file(const std::filesystem::path& path, const std::string& text) {
  try {
    write_file_atomically(path, text.data(), text.size());
  } catch (const std::exception& e) {
    throw store_error(std::string(e.what()) + "; free space or choose another run directory with -o", 74);
  }
}

static std::vector<std::string> texts(const std::vector<std::filesystem::path>& folders) {
  std::vector<std::string> all;
  for (const auto& folder : folders) all.push_back(folder.string());
  return all;
}

std::string set_aside(const std::filesystem::path& run_directory) {
  std::error_code error;
  if (!std::filesystem::exists(run_directory, error)) return {};
  for (int n = 1;; ++n) {
    std::filesystem::path aside = run_directory.lexically_normal();
    if (!aside.has_filename()) aside = aside.parent_path();
    aside += "." + std::to_string(n);
    if (std::filesystem::exists(aside, error)) continue;
    std::filesystem::rename(run_directory, aside, error);
    if (error)
      throw store_error(
          run_directory.string() + ": --fresh renames it to " + aside.string() + ", which failed: " + error.message(),
          74);
    return aside.string();
  }
}

void write_run_files(const std::filesystem::path& run_directory, const checked_graph& graph, const run_folders& folders,
                     int threads) {
  write_small_file(run_directory / "graph.resolved.yaml", graph.resolved_yaml);
  char host[256] = "";
  ::gethostname(host, sizeof host - 1);
  char now[32] = "";
  std::time_t seconds = std::time(nullptr);
  std::tm utc{};
  ::gmtime_r(&seconds, &utc);
  std::strftime(now, sizeof now, "%Y-%m-%dT%H:%M:%SZ", &utc);
  nlohmann::ordered_json plugins = nlohmann::ordered_json::object();
  bool serial = false;
  for (const checked_stage& s : graph.stages) {
    plugins[s.manifest.use()] = s.manifest.version;
    serial = serial || s.manifest.serial;
  }
  nlohmann::ordered_json m = {{"flowrun", FLOWRUN_VERSION},
                              {"sdk", std::to_string(sdk_major) + "." + std::to_string(sdk_minor)},
                              {"graph", graph.file},
                              {"working_directory", std::filesystem::current_path().string()},
                              {"plugin_folders", texts(folders.plugins)},
                              {"model_folders", texts(folders.models)},
                              {"started", now},
                              {"host", host},
                              {"pid", ::getpid()},
                              {"threads", threads},
                              {"stages", plugins},
                              {"resume", serial ? "from each stream's first item: a stage is serial" : "item by item"}};
  write_small_file(run_directory / "manifest.json",
                   m.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
}

void write_report(const std::filesystem::path& run_directory, const report& r) {
  write_small_file(run_directory / "report.json", to_json(r));
}

}  // namespace core

earlier_run find_run(const std::string& run_directory) {
  std::filesystem::path folder = run_directory;
  std::ifstream in(folder / "manifest.json");
  if (!in || !std::filesystem::exists(folder / "graph.resolved.yaml"))
    throw run_directory_error(
        run_directory +
            " is not a run directory: it has no manifest.json and graph.resolved.yaml; name the folder given with -o",
        64);
  auto m = nlohmann::json::parse(in, nullptr, false);
  if (!m.is_object() || !m.contains("working_directory") || !m["working_directory"].is_string())
    throw run_directory_error((folder / "manifest.json").string() +
                                  " is damaged: it names no working_directory; run the graph itself with -o " +
                                  run_directory,
                              74);
  earlier_run earlier{(folder / "graph.resolved.yaml").string(), m["working_directory"].get<std::string>(), {}, {}};
  auto take_folders = [&m](const char* name, std::vector<std::string>& to) {
    for (const auto& one : m.value(name, nlohmann::json::array()))
      if (one.is_string()) to.push_back(one.get<std::string>());
  };
  take_folders("plugin_folders", earlier.plugin_folders);
  take_folders("model_folders", earlier.model_folders);
  return earlier;
}

}  // namespace flowrun
