#include <cstdio>
#include <nlohmann/json.hpp>

#include "tool.hpp"

namespace tool {

using json = nlohmann::ordered_json;

static std::string text_of(const json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

static int list(const json& all) {
  for (const json& p : all["plugins"]) {
    std::printf("%s %s  %s\n", text_of(p["name"]).c_str(), text_of(p["version"]).c_str(),
                text_of(p["library"]).c_str());
    if (p.contains("hides")) std::printf("  hides %s\n", text_of(p["hides"]).c_str());
    for (const json& s : p["stages"])
      std::printf("  %-24s %-10s %s\n", (text_of(p["name"]) + "." + text_of(s["name"])).c_str(),
                  text_of(s["shape"]).c_str(), text_of(s["doc"]).c_str());
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

static void print_fields(const json& schema, int depth) {
  if (!schema.is_object() || !schema.contains("children")) return;
  for (const json& field : schema["children"]) {
    if (field.contains("name") && !text_of(field["name"]).empty())
      std::printf("%*s%s: %s  %s\n", depth, "", text_of(field["name"]).c_str(), text_of(field["kind"]).c_str(),
                  field.contains("doc") ? text_of(field["doc"]).c_str() : "");
    print_fields(field, depth + 2);
  }
}

static void print_param(const json& p) {
  std::printf("  %s\n    %s\n", text_of(p["text"]).c_str(), text_of(p["doc"]).c_str());
}

static int inspect(const json& all, const std::string& use) {
  for (const json& p : all["plugins"])
    for (const json& s : p["stages"]) {
      if (text_of(p["name"]) + "." + text_of(s["name"]) != use) continue;
      std::printf("%s  (%s, version %s of the stage, plugin %s)\n%s\n", use.c_str(), text_of(s["shape"]).c_str(),
                  text_of(s["version"]).c_str(), text_of(p["version"]).c_str(), text_of(s["doc"]).c_str());
      if (s.value("serial", false)) std::printf("one call at a time: it keeps state from item to item\n");
      for (const char* side : {"inputs", "outputs"}) {
        if (s[side].empty()) continue;
        std::printf("%s\n", side);
        for (const json& port : s[side]) {
          std::printf("  %s: %s%s\n", text_of(port["name"]).c_str(), text_of(port["type"]["name"]).c_str(),
                      port.value("optional", false) ? " (optional)" : "");
          if (port["type"].contains("fields")) print_fields(port["type"]["fields"], 4);
        }
      }
      if (!s["params"].empty()) std::printf("params\n");
      for (const json& param : s["params"]) print_param(param);
      return ok;
    }
  std::vector<std::string> uses;
  for (const json& p : all["plugins"])
    for (const json& s : p["stages"]) uses.push_back(text_of(p["name"]) + "." + text_of(s["name"]));
  std::fprintf(stderr, "flowrun: no stage '%s'; flowrun plugins list shows what there is.%s\n", use.c_str(),
               did_you_mean(use, uses).c_str());
  for (const json& f : all["failures"])
    if (use.rfind(text_of(f["plugin"]) + ".", 0) == 0)
      std::fprintf(stderr, "%s is not usable: %s\n", text_of(f["library"]).c_str(), text_of(f["reason"]).c_str());
  return usage;
}

void add_plugins(CLI::App& app, action& todo) {
  struct arguments {
    engine_search search;
    bool as_json = false;
    std::string use;
  };
  auto a = std::make_shared<arguments>();
  CLI::App* c = app.add_subcommand("plugins", "List plugins, or describe a stage");
  c->require_subcommand(1);
  c->footer("example: flowrun plugins list");
  CLI::App* l = c->add_subcommand(
      "list", "Every plugin found and its stages, and every library that is not usable, with the reason");
  declare_search(*l, a->search);
  l->add_flag("--json", a->as_json, "Everything that is known, as JSON");
  l->footer("example: flowrun plugins list");
  l->callback([a, &todo] {
    todo = [a] {
      std::string text = a->search.make_engine().plugins_json();
      if (!a->as_json) return list(json::parse(text));
      std::fputs(text.c_str(), stdout);
      return static_cast<int>(ok);
    };
  });
  CLI::App* i = c->add_subcommand("inspect", "A stage's ports, fields and params");
  i->add_option("stage", a->use, "PLUGIN.STAGE")->required()->type_name("STAGE");
  declare_search(*i, a->search);
  i->footer("example: flowrun plugins inspect lighting.analyze");
  i->callback(
      [a, &todo] { todo = [a] { return inspect(json::parse(a->search.make_engine().plugins_json()), a->use); }; });
}

}  // namespace tool
