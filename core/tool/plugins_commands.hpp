// The subcommands of `flowrun plugins`.
#pragma once
#include "tool.hpp"

namespace tool {

void add_plugins_list(CLI::App& plugins, action& todo);
void add_plugins_inspect(CLI::App& plugins, action& todo);
void add_plugins_page(CLI::App& plugins, action& todo);
void add_plugins_doctor(CLI::App& plugins, action& todo);
void add_plugins_open_one(CLI::App& plugins, action& todo);

}  // namespace tool
