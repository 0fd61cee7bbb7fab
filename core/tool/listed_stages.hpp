// What plugins_json() tells of stages, for the subcommands of `flowrun plugins`.
#pragma once
#include <nlohmann/json.hpp>
#include <string>

namespace tool {

using json = nlohmann::ordered_json;

std::string text_of(const json& value);

// "media.files"
std::string use_of(const json& plugin, const json& stage);

// Where a line is wanted of a text that may have several paragraphs.
std::string first_sentence(const std::string& text);

struct listed_stage {
  const json* plugin = nullptr;
  const json* stage = nullptr;  // null: there is none of that name
};
listed_stage find_stage(const json& all, const std::string& use);

// Prints that there is no such stage, and why its plugin is not usable; returns the exit code.
int report_unknown_stage(const json& all, const std::string& use);

}  // namespace tool
