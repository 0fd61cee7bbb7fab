#include "cost_curve.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace flowrun::sim {

double cost_curve::call_microseconds(std::size_t rows) const {
  const auto n = static_cast<double>(rows);
  double all = call_us + n * row_us;
  for (const limit& l : above) all += std::max(0.0, n - l.rows) * l.more_us;
  return all;
}

// One line's words; false: they are none of the settings there are.
static bool take(const std::vector<std::string>& words, cost_curve& curve) {
  std::vector<double> values;
  for (std::size_t i = 1; i < words.size(); ++i) {
    std::istringstream text(words[i]);
    double value = 0;
    if (!(text >> value) || !text.eof() || value < 0) return false;
    values.push_back(value);
  }
  const std::string& name = words[0];
  if (values.size() != (name == "above_us" ? 2U : 1U)) return false;
  if (name == "call_us")
    curve.call_us = values[0];
  else if (name == "row_us")
    curve.row_us = values[0];
  else if (name == "above_us")
    curve.above.push_back({values[0], values[1]});
  else if (name == "at_once" && values[0] >= 1 && values[0] <= 64)
    curve.at_once = static_cast<int>(values[0]);
  else
    return false;
  return true;
}

cost_curve read_cost_curve(const std::string& path) {
  std::ifstream in(path);
  if (!in) throw std::runtime_error("its cost curve cannot be read");
  cost_curve curve;
  int number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    line.resize(std::min(line.find('#'), line.size()));
    std::istringstream text(line);
    std::vector<std::string> words;
    for (std::string word; text >> word;) words.push_back(word);
    if (!words.empty() && !take(words, curve))
      throw std::runtime_error("line " + std::to_string(number) +
                               " of its cost curve is not `call_us MICROSECONDS`, `row_us MICROSECONDS`, "
                               "`above_us ROWS MICROSECONDS` or `at_once CALLS` (1..64)");
  }
  return curve;
}

}  // namespace flowrun::sim
