#include <nlohmann/json.hpp>

#include "models_commands.hpp"

namespace tool {

namespace fs = std::filesystem;
using json = nlohmann::json;

namespace {

struct arguments {
  engine_search search;
  std::string name, precision = "fp32", batch = "1..128";
};

// Beside the network's file, as net.export.pt2 beside net.pt, unless the model file's `origin` says it.
std::string find_program(const json& model) {
  const json& origin = model["origin"];
  if (origin.contains("program")) return origin["program"].get<std::string>();
  fs::path network;
  for (const auto& v : model["variants"])
    if (const fs::path path = v["path"].get<std::string>(); network.empty() || path.extension() != ".pt2")
      network = path;
  return network.replace_extension(".export.pt2").string();
}

int compile_model(const arguments& a) {
  const json all = json::parse(a.search.make_engine().models_json());
  std::vector<std::string> names;
  for (const json& m : all["models"]) {
    names.push_back(m["name"].get<std::string>());
    if (names.back() != a.name) continue;
    std::vector<std::string> words = {"--precision", a.precision, "--batch", a.batch};
    words.push_back(fs::absolute(m["file"].get<std::string>()).string());
    words.push_back(find_program(m));
    words.push_back(m["origin"].value("program_sha256", ""));
    return run_model_tool("compile_model.py", words);
  }
  std::fprintf(stderr, "flowrun: no model '%s'; flowrun models list shows what there is.%s\n", a.name.c_str(),
               did_you_mean(a.name, names).c_str());
  return usage;
}

}  // namespace

void add_models_compile(CLI::App& models, action& todo) {
  auto a = std::make_shared<arguments>();
  CLI::App* c = models.add_subcommand(
      "compile", "Compile a model for this machine's CPU, and enter that into its model file; takes a minute");
  c->add_option("model", a->name, "Model, by name")->required()->type_name("MODEL");
  c->add_option("--precision", a->precision, "fp32 or bf16 (default: fp32)")
      ->type_name("PRECISION")
      ->check(CLI::IsMember({"fp32", "bf16"}));
  c->add_option("--batch", a->batch, "LOW..HIGH: how many rows a call may have (default: 1..128)")->type_name("RANGE");
  declare_search(*c, a->search);
  c->footer("example: flowrun models compile efficientnet-lite0 --precision bf16");
  c->callback([a, &todo] { todo = [a] { return compile_model(*a); }; });
}

}  // namespace tool
