// Gathers that count how often they gave something, for tests of what they are told of the last time.
#include "../probe/probe.hpp"

namespace recall {

// What all of them can be told.
struct counting {
  std::int64_t step = 1;
  std::string marker;
  int wait_ms = 0;
  bool fail = false;

  template <class T> static void declare(flowrun::description<T>& d) {
    d.param("step", &T::step, "added each time");
    d.param("marker", &T::marker, "a line is appended to this file when the gather begins; empty: none");
    d.param("wait_ms", &T::wait_ms, "after that").range(0, 60'000);
    d.param("fail", &T::fail, "throw");
  }
  void begin() const {
    probe::append(marker, "gather");
    probe::pause(wait_ms * 1000);
    if (fail) throw std::runtime_error("the gather was told to fail");
  }
  std::int64_t next(const std::int64_t* before) const { return (before ? *before : 0) + step; }
};

struct each : counting {
  static constexpr auto name = "each";
  static void describe(flowrun::description<each>& d) {
    d.doc("Counts how often it gave something, for each item.");
    declare(d);
    d.gather(&each::run, {"mark"}, {"times"});
  }
  flowrun::rows<std::int64_t> run(const flowrun::table<probe::mark_value>& in,
                                  const flowrun::earlier<std::int64_t>& before) const {
    begin();
    flowrun::rows<std::int64_t> out;
    for (std::size_t i = 0; i < in.size(); ++i) out.values.emplace_back(next(before[i]));
    return out;
  }
};

struct whole : counting {
  static constexpr auto name = "whole";
  static void describe(flowrun::description<whole>& d) {
    d.doc("Counts how often it gave something.");
    declare(d);
    d.gather(&whole::run, {"mark"}, {"times"});
  }
  std::int64_t run(const flowrun::table<probe::mark_value>&, const flowrun::earlier<std::int64_t>& before) const {
    begin();
    return next(before.value());
  }
};

struct stream : counting {
  static constexpr auto name = "stream";
  static void describe(flowrun::description<stream>& d) {
    d.doc("Counts how often it gave something, for each stream.");
    declare(d);
    d.scope(flowrun::scope::stream);
    d.gather(&stream::run, {"mark"}, {"times"});
  }
  std::int64_t run(const flowrun::table<probe::mark_value>&, const flowrun::earlier<std::int64_t>& before) const {
    begin();
    return next(before.value());
  }
};

}  // namespace recall

FLOWRUN_PLUGIN("recall", "1.0.0", recall::each, recall::whole, recall::stream)
