#include <malloc.h>
#include <signal.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <filesystem>

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
  tool::add_plan(app, todo);
  tool::add_tune(app, todo);
  tool::add_models(app, todo);
  tool::add_new(app, todo);
  app.footer(
      "`flowrun GRAPH` is short for `flowrun run GRAPH`.\nexample: flowrun graphs/demo.yaml --set input=photos -o "
      "runs/photos");
}

// `flowrun graph.yaml ...` means run: anything that is neither an option nor a command's name is a graph file.
static std::vector<std::string> with_command(const CLI::App& app, int argc, char** argv) {
  std::vector<std::string> words(argv + 1, argv + argc);
  if (!words.empty() && !words[0].empty() && words[0][0] != '-') {
    std::vector<std::string> commands;
    for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
      commands.push_back(command->get_name());
    if (std::find(commands.begin(), commands.end(), words[0]) == commands.end()) {
      // A mistyped command must not be told as a graph that cannot be read.
      bool names_a_file = words[0].find_first_of("./") != std::string::npos || std::filesystem::exists(words[0]);
      if (!names_a_file)
        throw CLI::ValidationError("'" + words[0] + "'", "there is no such command, and no such graph file." +
                                                             tool::did_you_mean(words[0], commands));
      words.insert(words.begin(), "run");
    }
  }
  return {words.rbegin(), words.rend()};  // CLI11 takes them from the back
}

// What was printed is a result too: a full disk or a reader that left must not look like success.
static int all_written(int rc) {
  errno = 0;
  if (std::fflush(stdout) == 0 && !std::ferror(stdout)) return rc;
  std::fprintf(stderr, "flowrun: standard output: %s\n",
               errno ? std::strerror(errno) : "not all of it could be written");
  return rc == tool::ok ? tool::io : rc;
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
    return all_written(todo());
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
