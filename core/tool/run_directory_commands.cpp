// Commands on a run directory: resume, errors, report, export, gather.
#include <cstdio>
#include <filesystem>

#include "run_and_watch.hpp"
#include "tool.hpp"

namespace tool {

namespace fs = std::filesystem;

struct directory_arguments {
  std::string folder;
  void declare(CLI::App& command) { command.add_option("run", folder, "Run directory")->required()->type_name("RUN"); }
};

static std::vector<std::string> absolute(std::vector<std::string> folders) {
  for (std::string& f : folders) f = fs::absolute(f).string();
  return folders;
}

// The graph of an earlier run. Its paths are relative to where it was started, those of this command line are not.
static flowrun::graph load_earlier(const directory_arguments& a, const engine_search& plugins,
                                   const std::vector<flowrun::setting>& settings, std::string& folder) {
  flowrun::earlier_run earlier = flowrun::find_run(a.folder);
  folder = fs::absolute(a.folder).lexically_normal().string();
  std::string graph_file = fs::absolute(earlier.graph_file).string();
  engine_search search;
  search.folders = plugins.folders.empty() ? earlier.plugin_folders : absolute(plugins.folders);
  search.models = plugins.models.empty() ? earlier.model_folders : absolute(plugins.models);
  flowrun::engine engine = search.make_engine();
  std::error_code error;
  fs::current_path(earlier.working_directory, error);
  if (error)
    throw flowrun::run_directory_error(
        a.folder + " was started in " + earlier.working_directory + ", which is not there: " + error.message(), io);
  return engine.load(graph_file, settings);
}

void add_resume(CLI::App& app, action& todo) {
  struct arguments : directory_arguments {
    engine_search plugins;
    flowrun::run_options run;
    std::string device;
  };
  auto a = std::make_shared<arguments>();
  CLI::App* c = app.add_subcommand("resume", "Go on with an interrupted run");
  a->declare(*c);
  declare_search(*c, a->plugins);
  c->add_flag("--retry-failed", a->run.retry_failed, "Run items again that failed before");
  c->add_option("-j,--threads", a->run.threads, "Threads")->check(CLI::Range(1, 1024));
  declare_device(*c, a->device, "Where model stages run from now on: cpu, sim:16GiB (default: as before)");
  c->footer("example: flowrun resume runs/photos --retry-failed");
  c->callback([a, &todo] {
    todo = [a] {
      flowrun::graph g = load_earlier(*a, a->plugins, device_setting(a->device), a->run.out);
      if (int rc = print_problems(g)) return rc;
      a->run.adjust_process = true;
      return run_and_watch(g, a->run);
    };
  });
}

void add_gather(CLI::App& app, action& todo) {
  struct arguments : directory_arguments {
    engine_search plugins;
    std::string stage;
    std::vector<std::string> settings;
  };
  auto a = std::make_shared<arguments>();
  CLI::App* c = app.add_subcommand("gather", "Run a gather again over the values a run kept, without its items");
  a->declare(*c);
  c->add_option("stage", a->stage, "The gather's name in the graph")->required()->type_name("STAGE");
  c->add_option("--set", a->settings, "PARAM=VALUE of that gather (repeatable)")->type_name("PARAM=VALUE");
  declare_search(*c, a->plugins);
  c->footer("example: flowrun gather runs/photos who --set min_cluster_size=8");
  c->callback([a, &todo] {
    todo = [a] {
      graph_arguments of_stage;
      of_stage.settings = a->settings;
      std::vector<flowrun::setting> settings = of_stage.parsed_settings();
      for (flowrun::setting& s : settings) s.name = a->stage + ".params." + s.name;
      std::string folder;
      flowrun::graph g = load_earlier(*a, a->plugins, settings, folder);
      if (int rc = print_problems(g)) return rc;
      return print_report(flowrun::run_gathers(g, folder, a->stage));
    };
  });
}

// A key or a reason keeps to its column, and no control character of it reaches the terminal.
static std::string cell(const std::string& text) {
  std::string t;
  for (char c : text) {
    char shown[4] = {c, 0, 0, 0};
    auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) std::snprintf(shown, sizeof shown, "%%%02X", static_cast<unsigned>(byte));
    t += shown;
  }
  return t;
}

void add_errors(CLI::App& app, action& todo) {
  auto a = std::make_shared<directory_arguments>();
  CLI::App* c = app.add_subcommand("errors", "List the items that failed: item, stage, reason, tab-separated");
  a->declare(*c);
  c->footer("example: flowrun errors runs/photos");
  c->callback([a, &todo] {
    todo = [a] {
      for (const auto& f : flowrun::failed_items(a->folder))
        std::printf("%s\t%s\t%s\n", cell(f.item).c_str(), f.stage.c_str(), cell(f.reason).c_str());
      return static_cast<int>(ok);
    };
  });
}

void add_report(CLI::App& app, action& todo) {
  struct arguments : directory_arguments {
    bool json = false;
  };
  auto a = std::make_shared<arguments>();
  CLI::App* c = app.add_subcommand("report", "Print the summary of a directory's last run again");
  a->declare(*c);
  c->add_flag("--json", a->json, "As JSON");
  c->footer("example: flowrun report runs/photos --json");
  c->callback([a, &todo] {
    todo = [a] {
      flowrun::report r;
      try {
        r = flowrun::read_report(a->folder);
      } catch (const std::exception& e) {
        throw flowrun::run_directory_error(e.what(), usage);
      }
      std::fputs((a->json ? flowrun::to_json(r) : flowrun::to_text(r)).c_str(), stdout);
      return static_cast<int>(ok);
    };
  });
}

void add_export(CLI::App& app, action& todo) {
  struct arguments : directory_arguments {
    std::string format = "jsonl", to;
    bool canonical = false;
  };
  auto a = std::make_shared<arguments>();
  CLI::App* c = app.add_subcommand("export", "Write a run's results");
  a->declare(*c);
  c->add_option("--to", a->format, "jsonl or coco (one file), csv, npy or yolo (a folder of files); default: jsonl")
      ->type_name("FORMAT");
  c->add_option("-o,--out", a->to, "File or folder (default: standard output; RUN/export-FORMAT, RUN/export-coco.json)")
      ->type_name("PATH");
  c->add_flag("--canonical", a->canonical, "Without times and paths, sorted: equal results give equal bytes");
  c->footer("example: flowrun export runs/photos --to csv -o photos-csv");
  c->callback([a, &todo] {
    todo = [a] {
      if (a->to.empty() && a->format != "jsonl")
        a->to = (fs::path(a->folder) / ("export-" + a->format + (a->format == "coco" ? ".json" : ""))).string();
      std::vector<std::string> notes;
      std::uint64_t n = flowrun::export_results(a->folder, a->format, a->to, a->canonical, &notes);
      if (!a->to.empty()) std::printf("%s: %llu records\n", a->to.c_str(), static_cast<unsigned long long>(n));
      for (const std::string& note : notes) std::fprintf(stderr, "%s: %s\n", a->to.c_str(), note.c_str());
      return static_cast<int>(ok);
    };
  });
}

}  // namespace tool
