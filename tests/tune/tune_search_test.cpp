// The search of `flowrun tune` over models of the cost: it finds their optimum, whatever ends the way up.
#include "tune_search.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <random>

using namespace tool;

namespace {

struct cost_model : tune_trials {
  std::function<double(std::uint64_t)> call_seconds = [](std::uint64_t n) { return 0.002 + 0.0002 * n; };
  std::uint64_t plan_most = 1'000'000, memory_most = 1'000'000, media_most = 1'000'000;  // rows of a batch
  int useful_lanes = 1, possible_lanes = 64;
  std::vector<std::pair<std::string, double>> precisions = {{"fp32", 1}};  // and its share of the time
  double noise = 0;
  int tries_left = 1'000'000;
  std::mt19937 random{1};

  std::string find_refusal(const tune_point& p) override {
    if (p.batch > plan_most) return "does not fit";
    return p.lanes > possible_lanes ? "no room for lanes" : "";
  }
  step_figures measure(const tune_point& p, const tune_point&) override {
    step_figures f;
    if (tries_left-- <= 0) {
      f.end = step_end::no_time;
    } else if (p.batch > memory_most) {
      f.end = step_end::out_of_memory;
      f.why = "out of memory";
    } else if (p.batch > media_most) {
      f.end = step_end::too_few_rows;
      f.why = "too few";
    }
    if (f.end != step_end::measured) return f;
    double share = 0;
    for (const auto& known : precisions)
      if (known.first == p.precision) share = known.second;
    REQUIRE(share > 0);
    std::uniform_real_distribution<double> error(1 - noise, 1 + noise);
    f.rows = 4 * p.batch;
    f.row_seconds = share * error(random) * call_seconds(p.batch) / static_cast<double>(p.batch);
    f.rows_per_second = std::min(p.lanes, useful_lanes) / f.row_seconds;
    return f;
  }
  // The fastest batch that fits.
  std::uint64_t optimum() const {
    std::uint64_t best = 1;
    for (std::uint64_t n = 1; n <= std::min({plan_most, memory_most, media_most, std::uint64_t{65536}}); ++n)
      if (call_seconds(n) / static_cast<double>(n) < call_seconds(best) / static_cast<double>(best)) best = n;
    return best;
  }
};

tune_point search(cost_model& m, std::uint64_t start, int lanes = 1) {
  tune_search s("net", {start, lanes, "fp32"}, m);
  s.run({});
  CHECK(s.found());
  return s.best();
}

std::string verdicts(const tune_search& s) {
  std::string all;
  for (const tune_step& step : s.steps())
    all += std::to_string(step.point.batch) + "x" + std::to_string(step.point.lanes) + " " + step.verdict + "\n";
  return all;
}

}  // namespace

TEST_CASE("memory that the plan knows of: the last batch that fits, to the row") {
  for (std::uint64_t most : {1, 2, 3, 16, 17, 31, 71, 100}) {
    CAPTURE(most);
    cost_model m;
    m.plan_most = most;
    m.memory_most = most;
    CHECK(search(m, std::min<std::uint64_t>(most, 16)).batch == most);
  }
}

TEST_CASE("memory that runs out: the last batch that fits, but for a sixteenth") {
  for (std::uint64_t most : {1, 5, 16, 17, 40, 71, 100}) {
    CAPTURE(most);
    cost_model m;
    m.memory_most = most;
    m.call_seconds = [](std::uint64_t n) { return 0.02 + 0.0002 * n; };
    const std::uint64_t found = search(m, 16).batch;
    CHECK(found <= most);
    CHECK(static_cast<double>(found) >= std::floor(static_cast<double>(most) * 15 / 16));
  }
}

TEST_CASE("memory that runs out below what the plan allows") {
  cost_model m;
  m.plan_most = 90;
  m.memory_most = 71;
  const std::uint64_t found = search(m, 8).batch;
  CHECK(found <= 71);
  CHECK(found >= 66);
}

TEST_CASE("a row cost that rises: within one step of doubling of the optimum, from below and from above") {
  for (std::uint64_t knee : {6, 24, 48, 100, 333})
    for (std::uint64_t start : {1, 16, 64, 1024}) {
      CAPTURE(knee);
      CAPTURE(start);
      cost_model m;
      m.call_seconds = [knee](std::uint64_t n) {
        return 0.004 + 0.0001 * static_cast<double>(n) + 0.004 * (n > knee ? static_cast<double>(n - knee) : 0);
      };
      CHECK(m.optimum() == knee);
      const std::uint64_t found = search(m, start).batch;
      CHECK(found * 2 >= knee);
      CHECK(found <= knee * 2);
    }
}

TEST_CASE("a cost that grows with the square of the rows") {
  cost_model m;
  m.call_seconds = [](std::uint64_t n) { return 0.010 + 0.0001 * static_cast<double>(n) + 5e-6 * n * n; };
  const std::uint64_t best = m.optimum();  // 45
  for (std::uint64_t start : {1, 8, 64, 512}) {
    const std::uint64_t found = search(m, start).batch;
    CHECK(found * 2 >= best);
    CHECK(found <= best * 2);
  }
}

TEST_CASE("where rows cost the same in any batch, nothing changes") {
  cost_model m;
  m.call_seconds = [](std::uint64_t n) { return 0.001 * static_cast<double>(n); };
  CHECK(search(m, 16, 2).batch == 16);
}

TEST_CASE("noise below 5 % is not taken for a gain of more than it is") {
  int grown = 0;
  for (unsigned seed = 0; seed < 200; ++seed) {
    cost_model m;
    m.random.seed(seed);
    m.noise = 0.02;
    m.call_seconds = [](std::uint64_t n) { return 0.001 * static_cast<double>(n); };
    grown += search(m, 16).batch > 64 ? 1 : 0;
    // A true gain is found through it.
    cost_model real;
    real.random.seed(seed);
    real.noise = 0.02;
    real.plan_most = 64;
    CHECK(search(real, 8).batch == 64);
  }
  CHECK(grown <= 4);
}

TEST_CASE("the way up, in words") {
  cost_model m;
  m.plan_most = 40;
  m.memory_most = 36;
  tune_search s("net", {16, 1, "fp32"}, m);
  s.run({});
  CHECK(verdicts(s) ==
        "16x1 first run, not counted\n"
        "16x1 start\n"
        "32x1 faster\n"
        "64x1 does not fit\n"
        "40x1 out of memory\n"
        "36x1 faster\n"
        "32x1 again, to be sure\n"
        "36x1 again, to be sure\n"
        "38x1 out of memory\n"
        "36x2 no faster\n");
}

TEST_CASE("lanes: as many as bring something, and no more than there is room for") {
  for (int useful : {1, 2, 4}) {
    cost_model m;
    m.plan_most = 32;
    m.useful_lanes = useful;
    CHECK(search(m, 32, 1).lanes == useful);
    CHECK(search(m, 32, 2).lanes == std::max(2, useful));
  }
  cost_model m;
  m.plan_most = 32;
  m.useful_lanes = 8;
  m.possible_lanes = 3;
  CHECK(search(m, 32, 1).lanes == 2);
}

TEST_CASE("precision: only what was asked for, and only where it is faster; its batch is looked for anew") {
  cost_model m;
  m.plan_most = 64;
  m.precisions = {{"fp32", 1}, {"fp16", 0.5}, {"bf16", 2}};
  CHECK(search(m, 16).precision == "fp32");
  tune_search s("net", {16, 1, "fp32"}, m);
  s.run({"fp32", "fp16", "bf16"});
  CHECK(s.best().precision == "fp16");
  CHECK(s.best().batch == 64);
}

TEST_CASE("too few rows in the media end the way up") {
  cost_model m;
  m.media_most = 40;
  tune_search s("net", {16, 1, "fp32"}, m);
  s.run({});
  CHECK(s.best().batch == 32);
  CHECK(verdicts(s).find("64x1 too few\n") != std::string::npos);
}

TEST_CASE("when the time ends, the best so far stays") {
  for (int tries = 0; tries < 20; ++tries) {
    CAPTURE(tries);
    cost_model m;
    m.plan_most = 71;
    m.tries_left = tries;
    tune_search s("net", {8, 2, "fp32"}, m);
    s.run({});
    CHECK(s.found() == (tries > 0));
    CHECK(s.cut_short() == (m.tries_left < 0));
    CHECK(s.best().batch >= 8);
    CHECK(s.best().batch <= 71);
    CHECK(s.steps().size() <= static_cast<std::size_t>(tries) + 2);
  }
}

TEST_CASE("not one row fits") {
  cost_model m;
  m.memory_most = 0;
  tune_search s("net", {8, 1, "fp32"}, m);
  s.run({});
  CHECK_FALSE(s.found());
  CHECK_FALSE(s.cut_short());
  CHECK(s.steps().size() == 4);
  CHECK(s.steps().back().verdict == "out of memory");
}
