// "Did you mean 'x'?": the known name that a mistyped one most likely stands for.
#pragma once
#include <string>
#include <vector>

namespace flowrun::core {

// Empty when nothing is near. Ties go to the name that comes first.
std::string nearest_name(const std::string& wrong, const std::vector<std::string>& known);

// ". Did you mean 'x'?", or nothing.
std::string did_you_mean(const std::string& wrong, const std::vector<std::string>& known);

// "a, b, c", or "none".
std::string list_names(const std::vector<std::string>& names);

}  // namespace flowrun::core
