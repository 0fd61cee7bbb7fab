// Turns a place in the graph, and what is wrong there, into a problem.
#pragma once
#include <flowrun/problem.hpp>
#include <string>
#include <vector>

#include "graph_spec.hpp"

namespace flowrun::core {

class problem_sink {
 public:
  problem_sink(std::string file, std::vector<override_text> overrides, std::vector<problem>& to)
      : file_(std::move(file)), overrides_(std::move(overrides)), to_(to) {}

  void error(const char* rule, position at, const std::string& text) { add(rule, at, text, false); }
  void warn(const char* rule, position at, const std::string& text) { add(rule, at, text, true); }
  bool any_error() const { return errors_ > 0; }
  std::size_t errors() const { return errors_; }

 private:
  void add(const char* rule, position at, const std::string& text, bool warning);

  std::string file_;
  std::vector<override_text> overrides_;
  std::vector<problem>& to_;
  std::size_t errors_ = 0;
};

// File order; what is not in the file comes first, warnings where they stand.
void sort_problems(std::vector<problem>& problems);

}  // namespace flowrun::core
