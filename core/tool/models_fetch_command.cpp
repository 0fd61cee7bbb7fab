#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "models_commands.hpp"

namespace tool {

namespace fs = std::filesystem;

int run_model_tool(const std::string& script, const std::vector<std::string>& arguments) {
  const fs::path file = (program_folder() / "../share/flowrun/models" / script).lexically_normal();
  std::error_code error;
  if (!fs::exists(file, error))
    throw flowrun::run_directory_error("there is no " + file.string() + "; it is installed with flowrun", unavailable);
  std::vector<std::string> words = {"python3", "-B", file.string()};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> plain;
  for (std::string& w : words) plain.push_back(w.data());
  plain.push_back(nullptr);
  std::fflush(stdout);
  ::execvp("python3", plain.data());
  throw flowrun::run_directory_error(
      std::string("python3 cannot be run: ") + std::strerror(errno) + "; apt-get install python3", unavailable);
}

fs::path own_models_folder() {
  const fs::path cache = cache_folder();
  if (cache.empty())
    throw flowrun::run_directory_error("there is no folder for models: neither XDG_CACHE_HOME nor HOME is set",
                                       unavailable);
  return cache / "models";
}

void add_models_fetch(CLI::App& models, action& todo) {
  struct arguments {
    std::string name;
    bool force = false;
  };
  auto a = std::make_shared<arguments>();
  CLI::App* c = models.add_subcommand(
      "fetch",
      "Fetch the weights of a known model, export them and write its model file; without a name: which there are");
  c->add_option("model", a->name, "Model, by name")->type_name("MODEL");
  c->add_flag("--force", a->force, "Anew, also where it is there already");
  c->footer("example: flowrun models fetch efficientnet-lite0");
  c->callback([a, &todo] {
    todo = [a] {
      if (a->name.empty()) return run_model_tool("fetch_model.py", {"--list"});
      std::vector<std::string> words = {a->name, own_models_folder().string()};
      if (a->force) words.insert(words.begin(), "--force");
      return run_model_tool("fetch_model.py", words);
    };
  });
}

}  // namespace tool
