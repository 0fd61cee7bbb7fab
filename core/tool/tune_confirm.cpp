#include "tune_confirm.hpp"

#include <algorithm>

namespace tool {

namespace {

constexpr double noise = 1.03;  // of two runs that do the same

bool same(const std::vector<tune_point>& a, const std::vector<tune_point>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const tune_point& x, const tune_point& y) {
    return x.batch == y.batch && x.lanes == y.lanes && x.precision == y.precision;
  });
}

// Adds a run of each to the seconds; false: no time.
bool compare(const std::vector<tune_point>& start, confirmation& c, const whole_run& run) {
  const std::optional<double> before = run(start);
  const std::optional<double> after = before ? run(c.points) : std::nullopt;
  if (!after) return false;
  c.before += *before;
  c.after += *after;
  return true;
}

bool take_back(const std::vector<tune_point>& start, std::vector<tune_point>& points) {
  bool changed = false;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (points[i].batch <= start[i].batch) continue;
    points[i].batch = std::max(start[i].batch, points[i].batch / 2);
    changed = true;
  }
  return changed && !same(points, start);
}

}  // namespace

confirmation confirm(const std::vector<tune_point>& start, const std::vector<tune_point>& tuned, const whole_run& run) {
  confirmation c{tuned, 0, 0, 0, true};
  if (same(start, tuned)) return c;
  bool slower = false;
  do {
    c.before = c.after = 0;
    if (!compare(start, c, run)) {
      c.sure = slower;  // what was seen to be slower is not kept
      if (slower) c.points = start;
      c.before = c.after = 0;
      return c;
    }
    slower = c.after > c.before * noise;
    if (slower && compare(start, c, run)) slower = c.after > c.before * noise;
    if (!slower) return c;
    ++c.taken_back;
  } while (take_back(start, c.points));
  return {start, 0, 0, c.taken_back, true};
}

}  // namespace tool
