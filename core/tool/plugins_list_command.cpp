#include <cstdio>

#include "listed_stages.hpp"
#include "plugins_commands.hpp"

namespace tool {

static int list(const json& all) {
  for (const json& p : all["plugins"]) {
    std::printf("%s %s  %s\n", text_of(p["name"]).c_str(), text_of(p["version"]).c_str(),
                text_of(p["library"]).c_str());
    if (p.contains("hides")) std::printf("  hides %s\n", text_of(p["hides"]).c_str());
    for (const json& s : p["stages"])
      std::printf("  %-24s %-10s %s\n", use_of(p, s).c_str(), text_of(s["shape"]).c_str(),
                  first_sentence(text_of(s["doc"])).c_str());
  }
  for (const json& f : all["failures"])
    std::fprintf(stderr, "%s is not usable: %s\n", text_of(f["library"]).c_str(), text_of(f["reason"]).c_str());
  if (all["plugins"].empty()) {
    std::string folders;
    for (const json& f : all["searched"]) folders += "\n  " + text_of(f);
    std::fprintf(stderr, "no plugin found; searched:%s\n",
                 folders.empty() ? " no folder (name one with --plugins)" : folders.c_str());
  }
  return ok;
}

void add_plugins_list(CLI::App& plugins, action& todo) {
  struct arguments {
    engine_search search;
    bool as_json = false;
  };
  auto a = std::make_shared<arguments>();
  CLI::App* c = plugins.add_subcommand(
      "list", "Every plugin found and its stages, and every library that is not usable, with the reason");
  declare_search(*c, a->search);
  c->add_flag("--json", a->as_json, "Everything that is known, as JSON");
  c->footer("example: flowrun plugins list");
  c->callback([a, &todo] {
    todo = [a] {
      std::string text = a->search.make_engine().plugins_json();
      if (!a->as_json) return list(json::parse(text));
      std::fputs(text.c_str(), stdout);
      return static_cast<int>(ok);
    };
  });
}

}  // namespace tool
