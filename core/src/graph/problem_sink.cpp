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
    p.file = at.file ? *at.file : file_;
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

bool problem_sink::any_but(const std::string& rule, std::size_t before) const {
  return std::any_of(to_.begin() + static_cast<std::ptrdiff_t>(before), to_.end(),
                     [&](const problem& p) { return p.rule != rule; });
}

void sort_problems(std::vector<problem>& problems) {
  std::stable_sort(problems.begin(), problems.end(), [](const problem& a, const problem& b) {
    if (a.line == 0 || b.line == 0) return a.line < b.line;
    return std::tie(a.file, a.line, a.column) < std::tie(b.file, b.line, b.column);
  });
}

}  // namespace flowrun::core
