// Coefficients of a resize: the filter's curve at each source pixel, its support widened where the image gets smaller,
// normalised to a sum of 1, in fixed point.
#include "axis_weights.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace flowrun::core {
namespace {

double box(double x) {
  return x > -0.5 && x <= 0.5 ? 1 : 0;
}
double bilinear(double x) {
  return std::max(0.0, 1 - std::abs(x));
}
double bicubic(double x) {  // Keys' cubic convolution with a = -0.5
  x = std::abs(x);
  if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
  return x < 2 ? -0.5 * (((x - 5) * x + 8) * x - 4) : 0;
}
double sinc(double x) {
  return x == 0 ? 1 : std::sin(x * std::numbers::pi) / (x * std::numbers::pi);
}
double lanczos(double x) {
  return x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0;
}

struct curve {
  double support;
  double (*at)(double);
};
curve curve_of(resize_filter f) {
  if (f == resize_filter::box) return {0.5, box};
  if (f == resize_filter::bilinear) return {1, bilinear};
  if (f == resize_filter::bicubic) return {2, bicubic};
  return {3, lanczos};
}

// The source with as many repeated pixels at both ends as the part needs.
struct padded_source {
  explicit padded_source(const resize_axis& a)
      : before(a.from < 0 ? static_cast<int>(std::ceil(-a.from)) : 0),
        size(before + a.size + (a.to > a.size ? static_cast<int>(std::ceil(a.to - a.size)) : 0)),
        last(a.size - 1) {}
  int real(int i) const { return std::clamp(i - before, 0, last); }
  int before, size, last;
};

// The pixels first, first + 1, ... of the padded source. Repeated pixels become one with the sum of their weights, and
// zeros at the ends go, which changes no sum.
void add_span(const padded_source& source, int first, const std::vector<std::int32_t>& fixed, axis_weights& to) {
  std::size_t begin = 0, end = fixed.size();
  while (begin + 1 < end && fixed[begin] == 0) ++begin;
  while (begin + 1 < end && fixed[end - 1] == 0) --end;
  first += static_cast<int>(begin);
  const int low = source.real(first), count = source.real(first + static_cast<int>(end - begin) - 1) - low + 1;
  const std::size_t start = to.weights.size();
  to.weights.resize(start + static_cast<std::size_t>(count));
  for (; begin < end; ++begin, ++first)
    to.weights[start + static_cast<std::size_t>(source.real(first) - low)] += fixed[begin];
  to.spans.push_back({low, count, start});
}

// Pillow steps along the source by adding, and so do we: rounding decides which pixel a step on an edge takes.
void pick_nearest(const resize_axis& a, const padded_source& source, axis_weights& to) {
  const double step = (a.to - a.from) / static_cast<double>(a.scaled);
  const std::vector<std::int32_t> whole{axis_weights::one};
  double at = a.from + source.before + step * 0.5;
  for (std::int64_t i = 0; i < a.begin + a.count; ++i, at += step)
    if (i >= a.begin) add_span(source, std::min(static_cast<int>(at), source.size - 1), whole, to);
}

void sample(const resize_axis& a, const padded_source& source, axis_weights& to) {
  const curve filter = curve_of(a.filter);
  const double step = (a.to - a.from) / static_cast<double>(a.scaled), widened = std::max(step, 1.0),
               support = filter.support * widened, inverse = 1 / widened;
  std::vector<double> exact;
  std::vector<std::int32_t> fixed;
  for (std::int64_t i = a.begin; i < a.begin + a.count; ++i) {
    const double centre = a.from + source.before + (static_cast<double>(i) + 0.5) * step;
    const int low = std::clamp(static_cast<int>(centre - support + 0.5), 0, source.size - 1);
    const int high = std::clamp(static_cast<int>(centre + support + 0.5), low + 1, source.size);
    exact.clear();
    double sum = 0;
    for (int x = low; x < high; ++x) {
      exact.push_back(filter.at((x - centre + 0.5) * inverse));
      sum += exact.back();
    }
    fixed.clear();
    for (const double w : exact) {
      const double scaled = (sum != 0 ? w / sum : w) * axis_weights::one;
      fixed.push_back(static_cast<std::int32_t>(scaled < 0 ? scaled - 0.5 : scaled + 0.5));
    }
    add_span(source, low, fixed, to);
  }
}

}  // namespace

void weigh(const resize_axis& axis, axis_weights& to) {
  to.spans.clear();
  to.weights.clear();
  const padded_source source(axis);
  if (axis.filter == resize_filter::nearest)
    pick_nearest(axis, source, to);
  else
    sample(axis, source, to);
  to.low = axis.size;
  to.high = 0;
  to.copies = true;
  for (const axis_weights::span& s : to.spans) {
    to.low = std::min(to.low, s.first);
    to.high = std::max(to.high, s.first + s.count);
    if (s.count != 1 || to.weights[s.start] != axis_weights::one) to.copies = false;
  }
  to.in_order = to.copies;
  int next = to.low;
  for (const axis_weights::span& s : to.spans)
    if (s.first != next++) to.in_order = false;
}

}  // namespace flowrun::core
