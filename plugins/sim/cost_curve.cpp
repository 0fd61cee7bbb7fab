#include "cost_curve.hpp"

#include <fstream>
#include <sstream>
#include <stdexcept>

namespace flowrun::sim {

cost_curve read_cost_curve(const std::string& path) {
  std::ifstream in(path);
  if (!in) throw std::runtime_error("its cost curve cannot be read");
  cost_curve curve;
  int number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    line.resize(std::min(line.find('#'), line.size()));
    std::istringstream words(line);
    std::string name, more;
    double value = 0;
    if (!(words >> name)) continue;
    bool fits = (words >> value) && !(words >> more) && value >= 0 && (name == "call_us" || name == "row_us");
    if (!fits)
      throw std::runtime_error("line " + std::to_string(number) +
                               " of its cost curve is not `call_us MICROSECONDS` or `row_us MICROSECONDS`");
    (name == "call_us" ? curve.call_us : curve.row_us) = value;
  }
  return curve;
}

}  // namespace flowrun::sim
