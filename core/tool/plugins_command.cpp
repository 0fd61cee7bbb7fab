// `flowrun plugins`: its subcommands have a file each.
#include "plugins_commands.hpp"

namespace tool {

void add_plugins(CLI::App& app, action& todo) {
  CLI::App* plugins =
      app.add_subcommand("plugins", "List plugins, describe a stage, look what is wrong with a library");
  plugins->require_subcommand(1);
  plugins->footer("example: flowrun plugins list");
  add_plugins_list(*plugins, todo);
  add_plugins_inspect(*plugins, todo);
  add_plugins_page(*plugins, todo);
  add_plugins_doctor(*plugins, todo);
  add_plugins_open_one(*plugins, todo);
}

}  // namespace tool
