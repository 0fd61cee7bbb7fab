#include <cstdio>
#include <nlohmann/json.hpp>

#include "tool.hpp"

namespace tool {

static int list_models(const engine_search& search, bool json) {
  std::string text = search.make_engine().models_json();
  if (json) {
    std::fputs(text.c_str(), stdout);
    return ok;
  }
  auto all = nlohmann::json::parse(text);
  for (const auto& m : all["models"])
    std::printf("%-24s %-12s %s\n", m["name"].get<std::string>().c_str(), m["task"].get<std::string>().c_str(),
                m["file"].get<std::string>().c_str());
  for (const auto& r : all["refused"]) std::fprintf(stderr, "%s\n", r["reason"].get<std::string>().c_str());
  if (all["models"].empty()) std::fprintf(stderr, "no model file was found; name a folder with --models\n");
  return ok;
}

static int verify_models(const engine_search& search, const std::vector<std::string>& names) {
  int rc = ok;
  for (const flowrun::verified_file& f : search.make_engine().verify_models(names)) {
    std::string file = f.file.empty() ? "" : " " + f.file + ":";  // none: it is the model that is not there
    std::printf("%s:%s %s\n", f.model.c_str(), file.c_str(), f.fault.empty() ? "ok" : f.fault.c_str());
    if (!f.fault.empty()) rc = unavailable;
  }
  return rc;
}

void add_models(CLI::App& app, action& todo) {
  CLI::App* models = app.add_subcommand("models", "The model files that can be found");
  models->require_subcommand(1);
  models->footer("example: flowrun models list");
  struct arguments {
    engine_search search;
    bool json = false;
    std::vector<std::string> names;
  };
  auto a = std::make_shared<arguments>();
  CLI::App* list = models->add_subcommand("list", "Every model file found");
  declare_search(*list, a->search);
  list->add_flag("--json", a->json, "As JSON, with inputs, outputs and files");
  list->footer("example: flowrun models list --models my/models");
  list->callback([a, &todo] { todo = [a] { return list_models(a->search, a->json); }; });
  CLI::App* verify =
      models->add_subcommand("verify", "Compare the sha256 of every file of the models named, or of all");
  verify->add_option("model", a->names, "Models, by name")->type_name("MODEL");
  declare_search(*verify, a->search);
  verify->footer("example: flowrun models verify efficientnet-lite0");
  verify->callback([a, &todo] { todo = [a] { return verify_models(a->search, a->names); }; });
}

}  // namespace tool
