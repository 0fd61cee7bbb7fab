#include <cstdio>

#include "listed_stages.hpp"
#include "plugins_commands.hpp"

namespace tool {

static void print_fields(const json& schema, int depth) {
  if (!schema.is_object() || !schema.contains("children")) return;
  for (const json& field : schema["children"]) {
    if (field.contains("name") && !text_of(field["name"]).empty())
      std::printf("%*s%s: %s  %s\n", depth, "", text_of(field["name"]).c_str(), text_of(field["kind"]).c_str(),
                  field.contains("doc") ? text_of(field["doc"]).c_str() : "");
    print_fields(field, depth + 2);
  }
}

static int inspect(const json& all, const std::string& use) {
  const listed_stage found = find_stage(all, use);
  if (!found.stage) return report_unknown_stage(all, use);
  const json& s = *found.stage;
  std::printf("%s  (%s, version %s of the stage, plugin %s)\n%s\n", use.c_str(), text_of(s["shape"]).c_str(),
              text_of(s["version"]).c_str(), text_of((*found.plugin)["version"]).c_str(), text_of(s["doc"]).c_str());
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
  for (const json& p : s["params"])
    std::printf("  %s\n    %s\n", text_of(p["text"]).c_str(), text_of(p["doc"]).c_str());
  return ok;
}

void add_plugins_inspect(CLI::App& plugins, action& todo) {
  struct arguments {
    engine_search search;
    std::string use;
  };
  auto a = std::make_shared<arguments>();
  CLI::App* c = plugins.add_subcommand("inspect", "A stage's ports, fields and params");
  c->add_option("stage", a->use, "PLUGIN.STAGE")->required()->type_name("STAGE");
  declare_search(*c, a->search);
  c->footer("example: flowrun plugins inspect lighting.analyze");
  c->callback(
      [a, &todo] { todo = [a] { return inspect(json::parse(a->search.make_engine().plugins_json()), a->use); }; });
}

}  // namespace tool
