// What a YAML file's bytes must keep before any YAML is read from them.
#pragma once
#include <string>

#include "problem_sink.hpp"

namespace flowrun::core {

// UTF-8 without control characters, not empty, every quoted text closed on its line.
void check_text(const std::string& text, problem_sink& out);

bool is_utf8(const std::string& text);

}  // namespace flowrun::core
