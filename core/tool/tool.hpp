// What the subcommands share. The tool uses nothing of flowrun but its public headers.
#pragma once
#include <CLI/CLI.hpp>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include <flowrun/engine.hpp>
#include <flowrun/run.hpp>

namespace tool {

enum exit_code {
  ok = 0,
  some_failed = 3,
  usage = 64,
  bad_graph = 65,
  unavailable = 69,
  internal = 70,
  io = 74,
  stopped = 75
};

// Set by the subcommand that was called; main returns its result.
using action = std::function<int()>;

struct engine_search {
  std::vector<std::string> folders;  // --plugins
  std::vector<std::string> models;   // --models
  flowrun::engine_options options() const;
  flowrun::engine make_engine() const;
};

struct graph_arguments {
  std::string file;
  std::vector<std::string> settings;                           // --set
  std::string device;                                          // --device
  std::uint64_t max_items = 0, max_frames = 0, every_nth = 0;  // 0: not given
  std::vector<std::string> profiles;                           // --profile, --fast
  engine_search plugins;
  void declare(CLI::App& command);
  std::vector<flowrun::setting> parsed_settings() const;  // throws CLI::ValidationError
  // Reads, checks and prints the problems to stderr.
  flowrun::graph load() const;
};

// This program, and the folder it is in: what is installed with it is found from there.
std::filesystem::path program_file();
std::filesystem::path program_folder();

// flowrun's part of the user's cache; empty: there is none.
std::filesystem::path cache_folder();

// " Did you mean 'x'?" with the known word that is at most two letters away, or nothing.
std::string did_you_mean(const std::string& wrong, const std::vector<std::string>& known);

void declare_search(CLI::App& command, engine_search& search);

void declare_device(CLI::App& command, std::string& device, const char* help);
// What --device sets; nothing where it is not given.
std::vector<flowrun::setting> device_setting(const std::string& device);

// 0 when the graph may run; prints "N problems; nothing was started." otherwise.
int print_problems(const flowrun::graph& g);

void add_run(CLI::App& app, action& todo);
void add_check(CLI::App& app, action& todo);
void add_graph(CLI::App& app, action& todo);
void add_plugins(CLI::App& app, action& todo);
void add_resume(CLI::App& app, action& todo);
void add_errors(CLI::App& app, action& todo);
void add_export(CLI::App& app, action& todo);
void add_report(CLI::App& app, action& todo);
void add_gather(CLI::App& app, action& todo);
void add_plan(CLI::App& app, action& todo);
void add_models(CLI::App& app, action& todo);
void add_tune(CLI::App& app, action& todo);
void add_new(CLI::App& app, action& todo);

}  // namespace tool
