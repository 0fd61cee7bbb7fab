#include <cstdio>
#include <filesystem>
#include <fstream>

#include "plugins_commands.hpp"
#include "stage_page.hpp"

namespace tool {

namespace fs = std::filesystem;

static void write_page(const std::string& file, const std::string& page) {
  std::ofstream out(file, std::ios::binary);
  out << page;
  out.close();
  if (!out) throw flowrun::run_directory_error(file + " cannot be written", io);
}

static int write_all_pages(const json& all, const std::string& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw flowrun::run_directory_error(folder + " cannot be made: " + error.message(), io);
  int pages = 0;
  for (const json& p : all["plugins"])
    for (const json& s : p["stages"]) {
      write_page((fs::path(folder) / (use_of(p, s) + ".md")).string(), make_stage_page(all, {&p, &s}));
      ++pages;
    }
  std::printf("%s: %d pages\n", folder.c_str(), pages);
  return ok;
}

void add_plugins_page(CLI::App& plugins, action& todo) {
  struct arguments {
    engine_search search;
    std::string use, out;
    bool all = false;
  };
  auto a = std::make_shared<arguments>();
  CLI::App* c =
      plugins.add_subcommand("page", "A stage's page as Markdown, made from what the stage says about itself");
  c->add_option("stage", a->use, "PLUGIN.STAGE")->type_name("STAGE");
  c->add_flag("--all", a->all, "A page for every stage, PLUGIN.STAGE.md in the folder -o");
  c->add_option("-o,--out", a->out, "File (default: standard output); with --all: folder")->type_name("PATH");
  declare_search(*c, a->search);
  c->footer("example: flowrun plugins page lighting.analyze");
  c->callback([a, &todo] {
    if (a->all == !a->use.empty()) throw CLI::ValidationError("page", "it takes either a STAGE or --all");
    if (a->all && a->out.empty()) throw CLI::ValidationError("--all", "it needs -o, the folder for the pages");
    todo = [a] {
      const json all = json::parse(a->search.make_engine().plugins_json());
      if (a->all) return write_all_pages(all, a->out);
      const listed_stage found = find_stage(all, a->use);
      if (!found.stage) return report_unknown_stage(all, a->use);
      const std::string page = make_stage_page(all, found);
      if (a->out.empty())
        std::fputs(page.c_str(), stdout);
      else
        write_page(a->out, page);
      return static_cast<int>(ok);
    };
  });
}

}  // namespace tool
