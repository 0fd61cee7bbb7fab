#include "problem_sink.hpp"

#include <algorithm>
#include <tuple>

namespace flowrun::core {

void problem_sink::add(const char* rule, position at, const std::string& text, bool warning) {
  problem p;
  p.rule = rule;
  p.text = text;
  p.warning = warning;
  if (at.line > 0) {
    p.file = file_;
    p.line = at.line;
    p.column = at.column;
  } else if (at.column > 0 && static_cast<std::size_t>(at.column) <= overrides_.size()) {
    const override_text& o = overrides_[static_cast<std::size_t>(at.column) - 1];
    p.text = "--set " + o.name + "=" + o.value + ": " + text;
  } else {
    p.file = file_;
  }
  if (!warning) ++errors_;
  to_.push_back(std::move(p));
}

void sort_problems(std::vector<problem>& problems) {
  std::stable_sort(problems.begin(), problems.end(), [](const problem& a, const problem& b) {
    return std::tie(a.line, a.column) < std::tie(b.line, b.column);
  });
}

}  // namespace flowrun::core
