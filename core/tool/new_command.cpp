// `flowrun new stage NAME`: a folder with a plugin of one stage that builds, is tested and runs at once.
#include <cstdio>

#include "listed_stages.hpp"
#include "stage_template.hpp"
#include "tool.hpp"

namespace tool {

namespace fs = std::filesystem;

namespace {

struct arguments {
  std::string name, shape = "transform", folder;
};

// As the names in a graph file.
void check_name(const std::string& name, const char* kind) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  bool right = !name.empty() && letter(name[0]);
  for (char c : name) right = right && (letter(c) || (c >= '0' && c <= '9') || c == '-');
  if (!right)
    throw CLI::ValidationError("'" + name + "' cannot name a " + kind,
                               "use letters, digits, _ and -, and a letter or _ first");
}

stage_name split_name(const std::string& name) {
  const std::size_t dot = name.find('.');
  stage_name n{name.substr(0, dot), dot == std::string::npos ? name : name.substr(dot + 1)};
  check_name(n.plugin, "plugin");
  check_name(n.stage, "stage");
  return n;
}

// A plugin of that name would hide one that is there, with all its stages.
void check_free(const std::string& plugin) {
  const json all = json::parse(engine_search{}.make_engine().plugins_json());
  for (const json& p : all["plugins"])
    if (text_of(p["name"]) == plugin)
      throw CLI::ValidationError("'" + plugin + "' cannot name a plugin",
                                 "there is one already, " + text_of(p["library"]) + "; write PLUGIN.STAGE");
}

// What a shell takes as one word.
std::string shell_word(const std::string& text) {
  const bool plain =
      text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./") == text.npos;
  if (plain && text[0] != '-') return text;
  std::string quoted = text[0] == '-' ? "./'" : "'";
  for (char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

// Where find_package finds flowrun; "PREFIX" where this program is not an installed one.
std::string package_prefix() {
  const fs::path prefix = program_folder().parent_path();
  std::error_code error;
  return fs::exists(prefix / FLOWRUN_PACKAGE_DIR, error) ? prefix.string() : "PREFIX";
}

void print_next(const arguments& a, const std::string& folder) {
  const std::string prefix = package_prefix();
  std::printf("cd %s\n", shell_word(folder).c_str());
  std::printf("cmake -B build -D CMAKE_PREFIX_PATH=%s && cmake --build build && ctest --test-dir build\n",
              shell_word(prefix).c_str());
  std::printf("flowrun graph.yaml%s\n", a.shape == "source" ? "" : " --set input=FOLDER_OF_PICTURES");
  if (prefix == "PREFIX")
    std::fprintf(stderr, "PREFIX: where flowrun is installed (cmake --install BUILD --prefix PREFIX)\n");
}

int make_stage(const arguments& a) {
  const stage_name name = split_name(a.name);
  check_free(name.plugin);
  const std::string folder = a.folder.empty() ? name.plugin : a.folder;
  if (const std::string fault = write_template(a.shape, name, folder); !fault.empty()) {
    std::fprintf(stderr, "flowrun: %s\n", fault.c_str());
    return io;
  }
  print_next(a, folder);
  return ok;
}

}  // namespace

void add_new(CLI::App& app, action& todo) {
  CLI::App* group = app.add_subcommand("new", "Begin something of your own");
  group->require_subcommand(1);
  group->footer("example: flowrun new stage basic.threshold");
  auto a = std::make_shared<arguments>();
  CLI::App* c = group->add_subcommand("stage", "A folder with a plugin of one stage, its test and a graph");
  c->add_option("name", a->name, "PLUGIN.STAGE, or one name for both")->required()->type_name("NAME");
  c->add_option("--shape", a->shape, "transform, sink, source or gather (default: transform)")
      ->type_name("SHAPE")
      ->check(CLI::IsMember({"transform", "sink", "source", "gather"}));
  c->add_option("-o,--out", a->folder, "Folder to make (default: named like the plugin)")->type_name("DIR");
  c->footer("example: flowrun new stage basic.threshold --shape transform -o threshold");
  c->callback([a, &todo] { todo = [a] { return make_stage(*a); }; });
}

}  // namespace tool
