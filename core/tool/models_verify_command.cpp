#include <cstdio>

#include <flowrun/models.hpp>

#include "models_commands.hpp"

namespace tool {

namespace {

struct arguments {
  engine_search search;
  std::vector<std::string> names;
  std::string against;
  flowrun::model_comparison how;
};

int verify_sums(const arguments& a) {
  int rc = ok;
  for (const flowrun::verified_file& f : a.search.make_engine().verify_models(a.names)) {
    std::string file = f.file.empty() ? "" : " " + f.file + ":";  // none: it is the model that is not there
    std::printf("%s:%s %s\n", f.model.c_str(), file.c_str(), f.fault.empty() ? "ok" : f.fault.c_str());
    if (!f.fault.empty()) rc = unavailable;
  }
  return rc;
}

int verify_values(const arguments& a) {
  flowrun::model_comparison wanted = a.how;
  wanted.model = a.names[0];
  wanted.values = a.against;
  int rc = ok;
  for (const flowrun::compared_output& c : flowrun::compare_model(a.search.options(), wanted)) {
    const std::string file = c.file.empty() ? "" : " " + c.file + ":";
    if (!c.fault.empty()) {
      std::printf("%s:%s %s\n", wanted.model.c_str(), file.c_str(), c.fault.c_str());
    } else {
      std::printf("%s:%s %s: largest difference %.3g, relative %.3g; ", wanted.model.c_str(), file.c_str(),
                  c.output.c_str(), c.absolute, c.relative);
      if (c.beyond == 0)
        std::printf("ok\n");
      else
        std::printf("%zu of %zu values are beyond %g + %g * |value|\n", c.beyond, c.values, wanted.absolute,
                    wanted.relative);
    }
    if (!c.fault.empty() || c.beyond > 0) rc = unavailable;
  }
  return rc;
}

}  // namespace

void add_models_verify(CLI::App& models, action& todo) {
  auto a = std::make_shared<arguments>();
  CLI::App* verify = models.add_subcommand(
      "verify", "Compare the sha256 of every file of the models named, or of all; or a model with computed values");
  verify->add_option("model", a->names, "Models, by name")->type_name("MODEL");
  const char* const npz =
      "Run one model on the inputs in a .npz, by name, and compare what it gives with the outputs there";
  CLI::Option* against = verify->add_option("--against", a->against, npz)->type_name("FILE");
  const auto tolerance = CLI::Range(0.0, 1e9);
  verify->add_option("--atol", a->how.absolute, "Difference that is allowed (default: 0.0001)")
      ->type_name("NUMBER")
      ->check(tolerance)
      ->needs(against);
  verify->add_option("--rtol", a->how.relative, "Allowed beside, as a part of the value (default: 0.0001)")
      ->type_name("NUMBER")
      ->check(tolerance)
      ->needs(against);
  verify->add_option("--precision", a->how.precision, "Which of the model's files: fp32, fp16, bf16 (default: fp32)")
      ->type_name("PRECISION")
      ->check(CLI::IsMember({"fp32", "fp16", "bf16"}))
      ->needs(against);
  declare_search(*verify, a->search);
  verify->footer("example: flowrun models verify net --against reference.npz");
  verify->callback([a, &todo] {
    if (!a->against.empty() && a->names.size() != 1)
      throw CLI::ValidationError("--against", "it needs the name of one model");
    todo = [a] { return a->against.empty() ? verify_sums(*a) : verify_values(*a); };
  });
}

}  // namespace tool
