#include "models_commands.hpp"

namespace tool {

void add_models(CLI::App& app, action& todo) {
  CLI::App* models = app.add_subcommand("models", "The model files that can be found, and getting more of them");
  models->require_subcommand(1);
  models->footer("example: flowrun models list");
  add_models_list(*models, todo);
  add_models_verify(*models, todo);
  add_models_fetch(*models, todo);
  add_models_add(*models, todo);
  add_models_compile(*models, todo);
}

}  // namespace tool
