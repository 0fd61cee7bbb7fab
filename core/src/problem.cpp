#include <algorithm>
#include <flowrun/problem.hpp>

namespace flowrun {

std::string to_text(const problem& p) {
  std::string text = p.file;
  if (!p.file.empty() && p.line > 0) {
    text += ":" + std::to_string(p.line);
    if (p.column > 0) text += ":" + std::to_string(p.column);
  }
  if (!text.empty()) text += ": ";
  if (p.warning) text += "warning: ";
  return text + p.text;
}

bool any_error(const std::vector<problem>& problems) {
  return std::any_of(problems.begin(), problems.end(), [](const problem& p) { return !p.warning; });
}

}  // namespace flowrun
