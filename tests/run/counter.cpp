// A plugin of small items: counted, kept, and taken by a slow sink.
#include <chrono>

#include <flowrun/plugin.hpp>

namespace counter {

struct number {
  static constexpr auto port = "counter.number/1";
  std::int64_t value = 0;
  static void fields(flowrun::fields<number>& f) { f.field("value", &number::value); }
};

struct numbers {
  static constexpr auto name = "numbers";
  std::int64_t count = 0, at = 0;
  static void describe(flowrun::description<numbers>& d) {
    d.doc("Counts.");
    d.param("count", &numbers::count, "items").range(0, 1e12);
    d.source(&numbers::next, &numbers::load, {"number"});
  }
  bool next(flowrun::item_ref& r) {
    if (at == count) return false;
    r.key = std::to_string(at++);
    r.bytes = sizeof(number);
    return true;
  }
  number load(const flowrun::item_ref& r) const { return {std::stoll(r.key)}; }
};

struct slow {
  static constexpr auto name = "slow";
  int us = 20;
  static void describe(flowrun::description<slow>& d) {
    d.doc("Takes its time.");
    d.param("us", &slow::us, "for each item").range(0, 1e6);
    d.run(&slow::run, {"number"});
  }
  void run(const number&) const {
    auto end = std::chrono::steady_clock::now() + std::chrono::microseconds(us);
    while (std::chrono::steady_clock::now() < end) {}
  }
};

}  // namespace counter

FLOWRUN_PLUGIN("counter", "1.0.0", counter::numbers, counter::slow)
