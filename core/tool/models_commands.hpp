// The subcommands of `flowrun models`, one file each.
#pragma once
#include "tool.hpp"

namespace tool {

void add_models_list(CLI::App& models, action& todo);
void add_models_verify(CLI::App& models, action& todo);
void add_models_fetch(CLI::App& models, action& todo);
void add_models_add(CLI::App& models, action& todo);
void add_models_compile(CLI::App& models, action& todo);

// Replaces this process by Python running a script of share/flowrun/models; returns an exit code only when that fails.
int run_model_tool(const std::string& script, const std::vector<std::string>& arguments);

// Where the user's own model files are; throws run_directory_error (69) where there is no such place.
std::filesystem::path own_models_folder();

}  // namespace tool
