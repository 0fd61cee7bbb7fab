#include <malloc.h>
#include <signal.h>

#include <cstdio>
#include <cstring>
#include <exception>

#include "tool.hpp"

static void declare_commands(CLI::App& app, tool::action& todo) {
  app.require_subcommand(0, 1);
  app.set_version_flag("--version", FLOWRUN_VERSION);
  app.set_help_all_flag("--help-all", "Help of every command");
  tool::add_run(app, todo);
  tool::add_check(app, todo);
  tool::add_graph(app, todo);
  tool::add_plugins(app, todo);
  tool::add_resume(app, todo);
  tool::add_errors(app, todo);
  tool::add_report(app, todo);
  tool::add_export(app, todo);
  tool::add_gather(app, todo);
  app.footer(
      "`flowrun GRAPH` is short for `flowrun run GRAPH`.\nexample: flowrun graphs/demo.yaml --set input=photos -o "
      "runs/photos");
}

// `flowrun graph.yaml ...` means run: anything that is neither an option nor a command's name is a graph file.
static std::vector<std::string> with_command(const CLI::App& app, int argc, char** argv) {
  std::vector<std::string> words(argv + 1, argv + argc);
  if (!words.empty() && words[0][0] != '-') {
    bool known = false;
    for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
      known = known || command->get_name() == words[0];
    if (!known) words.insert(words.begin(), "run");
  }
  return {words.rbegin(), words.rend()};  // CLI11 takes them from the back
}

int main(int argc, char** argv) {
  // A closed pipe is an error of that write, with a sentence, not a silent death.
  signal(SIGPIPE, SIG_IGN);
  CLI::App app("Runs analyses over folders of images and videos as one dataflow graph.", "flowrun");
  tool::action todo;
  declare_commands(app, todo);
  try {
    app.parse(with_command(app, argc, argv));
  } catch (const CLI::Success& e) {
    return app.exit(e);
  } catch (const CLI::Error& e) {
    std::fprintf(stderr, "flowrun: %s\nflowrun --help lists the commands, flowrun COMMAND --help their options\n",
                 e.what());
    return tool::usage;
  }
  if (!todo) {
    std::fputs(app.help().c_str(), stderr);
    return tool::usage;
  }
  try {
    return todo();
  } catch (const flowrun::run_directory_error& e) {
    std::fprintf(stderr, "flowrun: %s\n", e.what());
    return e.exit_code;
  } catch (const CLI::Error& e) {
    std::fprintf(stderr, "flowrun: %s\n", e.what());
    return tool::usage;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "flowrun: internal error: %s\n", e.what());
    return tool::internal;
  }
}
