#include "similarity.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cmath>

using namespace faces;

namespace {

constexpr std::array<position, 5> face_points{{{10, 12}, {50, 11}, {31, 33}, {15, 55}, {46, 56}}};

std::array<position, 5> moved(const similarity& s) {
  std::array<position, 5> to;
  for (std::size_t i = 0; i < to.size(); ++i) to[i] = s.apply(face_points[i]);
  return to;
}

double squares(const similarity& s, const std::array<position, 5>& to) {
  double sum = 0;
  for (std::size_t i = 0; i < to.size(); ++i) {
    const position p = s.apply(face_points[i]);
    sum += (p.x - to[i].x) * (p.x - to[i].x) + (p.y - to[i].y) * (p.y - to[i].y);
  }
  return sum;
}

}  // namespace

TEST_CASE("known turns, scales and shifts are found again") {
  for (double angle : {0.0, 0.3, 1.57, 3.0, -2.2})
    for (double scale : {0.02, 1.0, 37.0})
      for (const position& shift : {position{0, 0}, position{-400, 9000}}) {
        const similarity wanted{scale * std::cos(angle), scale * std::sin(angle), shift.x, shift.y};
        const similarity found = fit_similarity(face_points, moved(wanted));
        CHECK(found.a == doctest::Approx(wanted.a).epsilon(1e-9).scale(scale));
        CHECK(found.b == doctest::Approx(wanted.b).epsilon(1e-9).scale(scale));
        CHECK(found.x == doctest::Approx(wanted.x).epsilon(1e-9).scale(scale * 100));
        CHECK(found.y == doctest::Approx(wanted.y).epsilon(1e-9).scale(scale * 100));
        CHECK(found.scale() == doctest::Approx(scale));
      }
}

TEST_CASE("where points do not fit, no other similarity is nearer") {
  std::array<position, 5> to = moved({1.5, 0.4, 3, -7});
  to[2].x += 9;
  to[4].y -= 5;
  const similarity best = fit_similarity(face_points, to);
  const double least = squares(best, to);
  CHECK(least > 1);
  for (double step : {-0.01, 0.01})
    for (double similarity::*value : {&similarity::a, &similarity::b, &similarity::x, &similarity::y}) {
      similarity other = best;
      other.*value += step;
      CHECK(squares(other, to) > least);
    }
}

TEST_CASE("the inverse takes a point back") {
  const similarity s{0.3, -2, 17, 4};
  const position p = s.inverse().apply(s.apply({5, 6}));
  CHECK(p.x == doctest::Approx(5));
  CHECK(p.y == doctest::Approx(6));
  CHECK(s.inverse().scale() == doctest::Approx(1 / s.scale()));
}

TEST_CASE("points in one place, and a square's mirror image, have the scale 0") {
  const std::array<position, 4> one{{{3, 3}, {3, 3}, {3, 3}, {3, 3}}}, square{{{0, 0}, {1, 0}, {1, 1}, {0, 1}}},
      mirrored{{{1, 0}, {0, 0}, {0, 1}, {1, 1}}};
  CHECK(fit_similarity(one, square).scale() == 0);
  CHECK(fit_similarity(square, mirrored).scale() == 0);
}
