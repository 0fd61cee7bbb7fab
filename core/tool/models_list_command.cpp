#include <cstdio>
#include <nlohmann/json.hpp>

#include "models_commands.hpp"

namespace tool {

static std::string shown(const nlohmann::json& text) {
  const std::string& t = text.get_ref<const std::string&>();
  return t.empty() ? "-" : t;
}

static int list_models(const engine_search& search, bool json) {
  std::string text = search.make_engine().models_json();
  if (json) {
    std::fputs(text.c_str(), stdout);
    return ok;
  }
  auto all = nlohmann::json::parse(text);
  for (const auto& m : all["models"])
    std::printf("%-24s %-12s %-14s %s\n", shown(m["name"]).c_str(), shown(m["task"]).c_str(),
                shown(m["licence"]).c_str(), shown(m["file"]).c_str());
  for (const auto& r : all["refused"]) std::fprintf(stderr, "%s\n", r["reason"].get<std::string>().c_str());
  if (all["models"].empty())
    std::fprintf(stderr, "no model file was found; name a folder with --models, or fetch one: flowrun models fetch\n");
  return ok;
}

void add_models_list(CLI::App& models, action& todo) {
  struct arguments {
    engine_search search;
    bool json = false;
  };
  auto a = std::make_shared<arguments>();
  CLI::App* list = models.add_subcommand("list", "Every model file found: name, task, licence of the weights, file");
  declare_search(*list, a->search);
  list->add_flag("--json", a->json, "As JSON, with inputs, outputs and files");
  list->footer("example: flowrun models list --models my/models");
  list->callback([a, &todo] { todo = [a] { return list_models(a->search, a->json); }; });
}

}  // namespace tool
