// Turns a place in a graph file or model file, and what is wrong there, into a problem.
#pragma once
#include <flowrun/problem.hpp>
#include <string>
#include <vector>

#include "graph_spec.hpp"

namespace flowrun::core {

// What messages call a file that is read as YAML.
struct file_kind {
  std::string name = "graph file";
  std::string needs = "`flowrun: 1` and `stages:`";  // of an empty one
};

class problem_sink {
 public:
  problem_sink(std::string file, std::vector<override_text> overrides, std::vector<problem>& to, file_kind of = {})
      : kind(std::move(of)), file_(std::move(file)), overrides_(std::move(overrides)), to_(to) {}

  const file_kind kind;

  void error(const char* rule, position at, const std::string& text) { add(rule, at, text, false); }
  void warn(const char* rule, position at, const std::string& text) { add(rule, at, text, true); }
  bool any_error() const { return errors_ > 0; }
  std::size_t errors() const { return errors_; }
  // Whether another rule than this has spoken since there were `before` problems.
  bool any_but(const std::string& rule, std::size_t before) const;
  std::size_t problems() const { return to_.size(); }

 private:
  void add(const char* rule, position at, const std::string& text, bool warning);

  std::string file_;
  std::vector<override_text> overrides_;
  std::vector<problem>& to_;
  std::size_t errors_ = 0;
};

// By file and place; what has no place comes first, warnings where they stand.
void sort_problems(std::vector<problem>& problems);

}  // namespace flowrun::core
