#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "examine_library.hpp"
#include "listed_stages.hpp"
#include "plugins_commands.hpp"

namespace tool {

namespace fs = std::filesystem;

static void add_libraries(const fs::path& folder, std::vector<fs::path>& to) {
  std::vector<fs::path> found;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error))
    if (it->path().extension() == ".so" && it->is_regular_file(error)) found.push_back(it->path());
  if (error) throw CLI::ValidationError(folder.string(), "cannot be listed: " + error.message());
  std::sort(found.begin(), found.end());
  to.insert(to.end(), found.begin(), found.end());
}

static std::vector<fs::path> find_libraries(const std::vector<std::string>& places, const engine_search& search) {
  std::vector<fs::path> libraries;
  for (const std::string& place : places) {
    std::error_code error;
    if (fs::is_directory(place, error))
      add_libraries(place, libraries);
    else if (fs::exists(place, error))
      libraries.emplace_back(place);
    else
      throw CLI::ValidationError(place, "there is no such file or folder");
  }
  if (!places.empty()) return libraries;
  const json all = json::parse(search.make_engine().plugins_json());
  for (const json& folder : all["searched"]) add_libraries(text_of(folder), libraries);
  return libraries;
}

static void print(const examined_library& l) {
  std::string what;
  for (const std::string& use : l.stages) what += (what.empty() ? "" : ", ") + use;
  if (!l.backend.empty()) what += (what.empty() ? "" : ", ") + ("backend " + l.backend);
  std::printf("%-10s %s: %s\n", l.state.c_str(), l.library.c_str(), (l.fine() ? what : l.reason).c_str());
}

static json to_json(const examined_library& l) {
  return {{"library", l.library}, {"state", l.state},       {"reason", l.reason},   {"plugin", l.plugin},
          {"version", l.version}, {"compiler", l.compiler}, {"backend", l.backend}, {"stages", l.stages}};
}

static int examine_all(const std::vector<fs::path>& libraries, double limit, bool as_json) {
  bool all_fine = true;
  json told = json::array();
  for (const fs::path& library : libraries) {
    const examined_library l = examine_library(library, limit);
    all_fine = all_fine && l.fine();
    if (as_json)
      told.push_back(to_json(l));
    else
      print(l);
    std::fflush(stdout);
  }
  if (as_json)
    std::printf(
        "%s\n",
        json{{"ok", all_fine}, {"libraries", told}}.dump(2, ' ', false, json::error_handler_t::replace).c_str());
  if (libraries.empty()) std::fprintf(stderr, "no library found; name a folder, or one with --plugins\n");
  return all_fine ? ok : unavailable;
}

void add_plugins_doctor(CLI::App& plugins, action& todo) {
  struct arguments {
    engine_search search;
    std::vector<std::string> places;
    double limit = 10;
    bool as_json = false;
  };
  auto a = std::make_shared<arguments>();
  CLI::App* c =
      plugins.add_subcommand("doctor", "Open libraries, each in a process of its own, and say what is wrong with them");
  c->add_option("place", a->places, "Libraries, or folders of them (default: all folders that are searched)")
      ->type_name("PATH");
  c->add_option("--limit", a->limit, "Seconds until a library counts as hanging (default: 10)")
      ->type_name("SECONDS")
      ->check(CLI::Range(0.1, 3600.0));
  declare_search(*c, a->search);
  c->add_flag("--json", a->as_json, "As JSON");
  c->footer("example: flowrun plugins doctor build/plugins");
  c->callback(
      [a, &todo] { todo = [a] { return examine_all(find_libraries(a->places, a->search), a->limit, a->as_json); }; });
}

}  // namespace tool
