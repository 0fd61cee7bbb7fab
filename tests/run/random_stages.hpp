// Stages whose answer is a pure function of item, stage number and inputs, so that a test can foretell every answer.
#pragma once
#include <atomic>
#include <cstdint>
#include <vector>

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

// Numbers of the items of one medium, [begin, end).
struct medium {
  std::uint64_t begin = 0, end = 0;
};
// `items` numbers in a set of stills (the first) and `sequences` media, some of them empty.
std::vector<medium> share_out(std::uint64_t items, int sequences);
// Whether reading the medium throws at its last frame.
bool is_broken(const medium& m);

// What every random stage has: its number in the graph and how it behaves.
struct settings {
  int stage = 0, skip = 0, error = 0, jitter_mode = 0;
  odds chances() const { return {skip, error}; }
  template <class T> static void declare(flowrun::description<T>& d) {
    d.param("stage", &settings::stage, "number in the graph");
    d.param("skip", &settings::skip, "share of skips").unit("%").range(0, 100);
    d.param("error", &settings::error, "share of errors").unit("%").range(0, 100);
    d.param("jitter", &settings::jitter_mode, "how it dawdles").range(0, 3);
  }
};
// Ends as the item's fate has it: throws, or gives sum + stage.
number decide(std::uint64_t item, int stage, odds o, int jitter_mode, double sum);
// The value, after a look whether it is the item's own.
double take(const number& n, const flowrun::item_info& item);

// The kinds of sequence_stages.cpp: a source of stills and sequences, and windows.
std::vector<flowrun::stage_info> sequence_stages();
// All other kinds of stage but those with models, each numbered by the param `stage`.
std::vector<flowrun::stage_info> all();

// Set by stages that see something that must not happen (two calls of a serial stage at once, wrong order, foreign
// input).
extern std::atomic<const char*> violation;

}  // namespace random_stages
