// Stages whose answer is a pure function of item, stage number and inputs, so that a test can foretell every answer.
#pragma once
#include <atomic>
#include <cstdint>

#include <flowrun/plugin.hpp>

namespace random_stages {

struct number {
  static constexpr auto port = "test.number/1";
  std::uint64_t item = 0;
  double value = 0;
  static void fields(flowrun::fields<number>& f) { f.field("item", &number::item).field("value", &number::value); }
};

// What the stage numbered `stage` does with item `item`.
enum class fate { value, skip, error };
struct odds {
  int skip_percent = 0, error_percent = 0;
};
std::uint64_t mix(std::uint64_t a, std::uint64_t b);
fate fate_of(std::uint64_t item, int stage, odds o);

// Sleeps or spins now and then; 0: never.
void jitter(int mode);

// All kinds of stage, each numbered by the param `stage`.
std::vector<flowrun::stage_info> all();

// Set by stages that see something that must not happen (two calls of a serial stage at once, wrong order, foreign
// input).
extern std::atomic<const char*> violation;

}  // namespace random_stages
