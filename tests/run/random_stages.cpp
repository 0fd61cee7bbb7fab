#include "random_stages.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <random>
#include <thread>

namespace random_stages {

std::atomic<const char*> violation{nullptr};

std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  a ^= b + 0x9e3779b97f4a7c15ull + (a << 6) + (a >> 2);
  return (a * 0xff51afd7ed558ccdull) ^ (a >> 33);
}

fate fate_of(std::uint64_t item, int stage, odds o) {
  auto dice = static_cast<int>(mix(mix(item, 77), static_cast<std::uint64_t>(stage)) >> 20 & 0xffff) % 100;
  if (dice < o.skip_percent) return fate::skip;
  if (dice >= 100 - o.error_percent) return fate::error;
  return fate::value;
}

void jitter(int mode) {
  if (mode == 0) return;
  static thread_local std::minstd_rand random(
      static_cast<unsigned>(std::hash<std::thread::id>{}(std::this_thread::get_id())));
  unsigned dice = static_cast<unsigned>(random() >> 8);
  if (mode == 1 && dice % 100 < 3) std::this_thread::sleep_for(std::chrono::microseconds(dice / 100 % 300));
  if (mode == 2 && dice % 100 < 30) {
    auto end = std::chrono::steady_clock::now() + std::chrono::microseconds(dice / 100 % 10);
    while (std::chrono::steady_clock::now() < end) {}
  }
  if (mode == 3 && dice % 100 < 10) std::this_thread::yield();
}

number decide(std::uint64_t item, int stage, odds o, int jitter_mode, double sum) {
  jitter(jitter_mode);
  switch (fate_of(item, stage, o)) {
    case fate::skip:
      throw flowrun::skip("filtered");
    case fate::error:
      throw std::runtime_error("planned fault");
    case fate::value:
      break;
  }
  return {item, sum + stage};
}

double take(const number& n, const flowrun::item_info& item) {
  if (n.item != item.seq) violation = "a stage got another item's value";
  return n.value;
}

struct source : settings {
  static constexpr auto name = "source";
  int count = 0;
  std::int64_t bytes = 0;
  std::uint64_t at = 0;
  struct ref : flowrun::item_ref {
    std::uint64_t item = 0;
  };
  static void describe(flowrun::description<source>& d) {
    declare(d);
    d.param("count", &source::count, "items");
    d.param("bytes", &source::bytes, "estimate given for each item");
    d.source(&source::next, &source::load, {"out"});
  }
  bool next(ref& r) {
    jitter(jitter_mode);
    if (at == static_cast<std::uint64_t>(count)) return false;
    r.item = at++;
    r.key = std::to_string(r.item);
    r.bytes = static_cast<std::uint64_t>(bytes);
    return true;
  }
  number load(const ref& r) const { return decide(r.item, stage, chances(), jitter_mode, 0); }
};

struct one : settings {
  static constexpr auto name = "one";
  static void describe(flowrun::description<one>& d) {
    declare(d);
    d.run(&one::run, {"a"}, {"out"});
  }
  number run(const number& a, const flowrun::item_info& i) const {
    return decide(i.seq, stage, chances(), jitter_mode, take(a, i));
  }
};

struct two : settings {
  static constexpr auto name = "two";
  static void describe(flowrun::description<two>& d) {
    declare(d);
    d.run(&two::run, {"a", "b"}, {"out", "more"});
  }
  std::tuple<number, number> run(const number& a, const number& b, const flowrun::item_info& i) const {
    number n = decide(i.seq, stage, chances(), jitter_mode, take(a, i) + take(b, i));
    return {n, number{n.item, n.value + 0.5}};
  }
};

struct three : settings {
  static constexpr auto name = "three";
  static void describe(flowrun::description<three>& d) {
    declare(d);
    d.run(&three::run, {"a", "b", "c"}, {"out"});
  }
  number run(const number& a, const number& b, const number& c, const flowrun::item_info& i) const {
    return decide(i.seq, stage, chances(), jitter_mode, take(a, i) + take(b, i) + take(c, i));
  }
};

struct maybe : settings {
  static constexpr auto name = "maybe";
  static void describe(flowrun::description<maybe>& d) {
    declare(d);
    d.run(&maybe::run, {"a", "b"}, {"out"});
  }
  number run(const number& a, const number* b, const flowrun::item_info& i) const {
    return decide(i.seq, stage, chances(), jitter_mode, take(a, i) + (b ? take(*b, i) : 1000));
  }
};

static bool is_next(std::map<std::string, std::int64_t, std::less<>>& last, const flowrun::item_info& i) {
  auto [at, first] = last.try_emplace(std::string(i.stream), -1);
  bool after = at->second < static_cast<std::int64_t>(i.seq);
  at->second = static_cast<std::int64_t>(i.seq);
  return after;
}

// One call at a time, the items of a stream in the order they were read.
struct in_order : settings {
  std::atomic<int> inside{0};
  std::map<std::string, std::int64_t, std::less<>> last;  // by stream
  number see(const number& a, const flowrun::item_info& i) {
    if (inside.fetch_add(1) != 0) violation = "two calls of a serial stage at once";
    if (!is_next(last, i)) violation = "a serial stage saw items out of order";
    struct leave {
      std::atomic<int>& n;
      ~leave() { n.fetch_sub(1); }
    } on_return{inside};
    return decide(i.seq, stage, chances(), jitter_mode, take(a, i));
  }
};

struct serial : in_order {
  static constexpr auto name = "serial";
  static void describe(flowrun::description<serial>& d) {
    declare(d);
    d.run(&serial::run, {"a"}, {"out"});
  }
  number run(const number& a, const flowrun::item_info& i) { return see(a, i); }
};

struct serial_run : in_order {
  static constexpr auto name = "serial_run";
  static void describe(flowrun::description<serial_run>& d) {
    declare(d);
    d.scope(flowrun::scope::run);
    d.run(&serial_run::run, {"a"}, {"out"});
  }
  number run(const number& a, const flowrun::item_info& i) { return see(a, i); }
};

struct sink : settings {
  static constexpr auto name = "sink";
  static void describe(flowrun::description<sink>& d) {
    declare(d);
    d.run(&sink::run, {"a"});
  }
  void run(const number& a, const flowrun::item_info& i) const {
    decide(i.seq, stage, chances(), jitter_mode, take(a, i));
  }
};

// Used with `order: keep`; its run is const, so the order is the runtime's doing alone.
struct ordered_sink : settings {
  static constexpr auto name = "ordered_sink";
  struct order {
    std::mutex mutex;
    std::map<std::string, std::int64_t, std::less<>> last;
  };
  std::shared_ptr<order> seen = std::make_shared<order>();
  static void describe(flowrun::description<ordered_sink>& d) {
    declare(d);
    d.run(&ordered_sink::run, {"a"});
  }
  void run(const number& a, const flowrun::item_info& i) const {
    {
      std::lock_guard lock(seen->mutex);
      if (!is_next(seen->last, i)) violation = "an ordered sink saw items out of order";
    }
    decide(i.seq, stage, chances(), jitter_mode, take(a, i));
  }
};

std::vector<flowrun::stage_info> all() {
  return flowrun::detail::all_stages<source, one, two, three, maybe, serial, serial_run, sink, ordered_sink>();
}

}  // namespace random_stages
