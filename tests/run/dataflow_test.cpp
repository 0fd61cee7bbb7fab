// What single runs of small graphs must do.
#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <thread>

#include "graph_builder.hpp"
#include "plan/cpu_plan.hpp"
#include "run/stage_object.hpp"

using namespace flowrun;
using namespace flowrun::core;
using namespace std::chrono_literals;

namespace {

struct blob {
  static constexpr auto port = "test.blob/1";
  std::size_t size = 0;
  friend std::size_t bytes(const blob& b) { return b.size; }
};

// Items of `size` bytes; every `big_every`th of `big` bytes. `hint`: whether the size is known before loading.
struct blobs {
  static constexpr auto name = "blobs";
  std::int64_t count = 0, size = 100, big = 0, big_every = 0, at = 0;
  bool hint = true;
  struct ref : item_ref {
    std::size_t size = 0;
  };
  static void describe(description<blobs>& d) {
    d.param("count", &blobs::count, "items");
    d.param("size", &blobs::size, "bytes");
    d.param("big", &blobs::big, "bytes");
    d.param("big_every", &blobs::big_every, "items");
    d.param("hint", &blobs::hint, "give the size");
    d.source(&blobs::next, &blobs::load, {"out"});
  }
  bool next(ref& r) {
    if (at == count) return false;
    r.key = std::to_string(at);
    r.size = static_cast<std::size_t>(big_every > 0 && at % big_every == big_every - 1 ? big : size);
    if (hint) r.bytes = r.size;
    ++at;
    return true;
  }
  blob load(const ref& r) const { return {r.size}; }
};

struct copy {
  static constexpr auto name = "copy";
  static void describe(description<copy>& d) { d.run(&copy::run, {"in"}, {"out"}); }
  blob run(const blob& b) const {
    std::this_thread::sleep_for(50us);
    return b;
  }
};

// Counts how many of its calls run at once. A call stays until as many as are `wanted` have been there, some seconds at
// most: on a busy machine threads come late.
struct crowd {
  static constexpr auto name = "crowd";
  static std::atomic<int> now, most, wanted;
  static void expect(int calls) {
    most = 0;
    wanted = calls;
  }
  static void describe(description<crowd>& d) { d.run(&crowd::run, {"in"}); }
  void run(const blob&) const {
    int n = now.fetch_add(1) + 1, m = most.load();
    while (n > m && !most.compare_exchange_weak(m, n)) {}
    const auto end = std::chrono::steady_clock::now() + 5s;
    do std::this_thread::sleep_for(500us);
    while (most.load() < wanted.load() && std::chrono::steady_clock::now() < end);
    now.fetch_sub(1);
  }
};
std::atomic<int> crowd::now{0}, crowd::most{0}, crowd::wanted{0};

// Fails the first `times` calls for each item whose number is a multiple of `every`.
struct flaky {
  static constexpr auto name = "flaky";
  std::int64_t times = 1, every = 1;
  mutable std::mutex mutex;
  mutable std::map<std::uint64_t, int> failures;
  static void describe(description<flaky>& d) {
    d.param("times", &flaky::times, "failures");
    d.param("every", &flaky::every, "items");
    d.run(&flaky::run, {"in"});
  }
  void run(const blob&, const item_info& i) const {
    std::lock_guard lock(mutex);
    if (i.seq % static_cast<std::uint64_t>(every) == 0 && failures[i.seq]++ < times)
      throw std::runtime_error("not yet");
  }
};

struct disk_full {
  static constexpr auto name = "disk_full";
  static void describe(description<disk_full>& d) { d.run(&disk_full::run, {"in"}); }
  void run(const blob&, const item_info& i) const {
    if (i.seq == 20) throw run_error("disk full");
  }
};

// Passes on what comes, after some time, and stops the run at an item in the middle.
struct stops_run {
  static constexpr auto name = "stops_run";
  static void describe(description<stops_run>& d) { d.run(&stops_run::run, {"in"}, {"out"}); }
  blob run(const blob& b, const item_info& i) const {
    std::this_thread::sleep_for(std::chrono::microseconds(i.seq % 7 == 6 ? 900 : 100));
    if (i.seq == 20) throw run_error("disk full");
    return b;
  }
};

// Serial: what it answers depends on all items before.
struct remembers {
  static constexpr auto name = "remembers";
  static inline std::vector<std::uint64_t> seen;
  static void describe(description<remembers>& d) { d.run(&remembers::run, {"in"}); }
  void run(const blob&, const item_info& i) { seen.push_back(i.seq); }
};

struct refuses {
  static constexpr auto name = "refuses";
  static void describe(description<refuses>& d) { d.run(&refuses::run, {"in"}); }
  void open(const stage_context&) { throw input_error("no such folder"); }
  void run(const blob&) const {}
};

using builder = graph_builder<blobs, copy, crowd, flaky, disk_full, stops_run, remembers, refuses>;

builder chain(std::int64_t count, const std::string& sink,
              std::vector<std::pair<std::string, param_value>> params = {}) {
  builder b;
  b.add("blobs", {}, {{"count", count}});
  b.add(sink, {0}, std::move(params));
  return b;
}

dataflow_options with(int threads, int in_flight) {
  dataflow_options o;
  o.threads = threads;
  o.in_flight = in_flight;
  return o;
}

dataflow_numbers run(const builder& b, dataflow_options o, stop_kind expected = stop_kind::none) {
  dataflow flow(b.graph, b.code, std::move(o));
  flow.open_stages();
  flow.run();
  CHECK(flow.stopped() == expected);
  dataflow_numbers n = flow.numbers();
  CHECK(n.read == n.done + n.skipped + n.failed + n.cancelled);
  return n;
}

}  // namespace

TEST_CASE("cpu_plan is the number of cores, at least 1, at most 8") {
  for (auto [cores, calls] : {std::pair{1, 1}, {2, 2}, {4, 4}, {8, 8}, {16, 8}, {64, 8}, {0, 1}})
    CHECK(cpu_plan(cores) == calls);
}

TEST_CASE("calls of a stage at once reach the plan and not more") {
  for (int threads : {1, 2, 4, 8}) {
    CAPTURE(threads);
    crowd::expect(cpu_plan(threads));
    dataflow_numbers n = run(chain(400, "crowd"), with(threads, 64));
    crowd::wanted = 0;
    CHECK(crowd::most == cpu_plan(threads));
    CHECK(n.stages[1].peak_calls == cpu_plan(threads));
    CHECK(n.stages[1].parallel == cpu_plan(threads));
  }
}

TEST_CASE("parallel: 2 means two at once") {
  builder b = chain(200, "crowd");
  b.at(1).parallel = 2;
  crowd::expect(2);
  run(b, with(8, 64));
  CHECK(crowd::most == 2);
}

TEST_CASE("order: keep means one at a time") {
  builder b = chain(100, "crowd");
  b.at(1).keep_order = true;
  crowd::expect(1);
  run(b, with(8, 64));
  CHECK(crowd::most == 1);
}

TEST_CASE("never more items in flight than asked for, and more than one where that is allowed") {
  for (int in_flight : {1, 2, 7, 64}) {
    CAPTURE(in_flight);
    int peak = run(chain(300, "crowd"), with(8, in_flight)).peak_in_flight;
    CHECK(peak <= in_flight);
    CHECK(peak >= std::min(in_flight, 2));
  }
}

TEST_CASE("a retried stage that then succeeds is no failure, and retries are counted") {
  builder b = chain(50, "flaky", {{"times", std::int64_t{2}}});
  b.at(1).retries = 2;
  dataflow_numbers n = run(b, with(4, 8));
  CHECK(n.done == 50);
  CHECK(n.stages[1].retries == 100);
  CHECK(n.stages[1].calls == 150);
}

TEST_CASE("one failure more than retries is the item's error") {
  builder b = chain(50, "flaky", {{"times", std::int64_t{2}}});
  b.at(1).retries = 1;
  dataflow_numbers n = run(b, with(4, 8));
  CHECK(n.failed == 50);
  CHECK(n.stages[1].errors == 50);
}

TEST_CASE("max_error_rate is judged from 100 finished items on") {
  builder b = chain(5000, "flaky", {{"times", std::int64_t{99}}, {"every", std::int64_t{2}}});
  b.graph.run.max_error_rate = 0.2;
  dataflow_numbers n = run(b, with(2, 4), stop_kind::error_rate);
  CHECK(n.read >= 100);
  CHECK(n.read <= 110);
  b.graph.run.max_error_rate = 0.6;
  CHECK(run(b, with(1, 1)).read == 5000);
}

TEST_CASE("on_error: stop drains at the first failure") {
  builder b = chain(5000, "flaky", {{"times", std::int64_t{99}}, {"every", std::int64_t{50}}});
  b.at(1).error_rule = on_error::stop;
  dataflow_numbers n = run(b, with(1, 4), stop_kind::on_error);
  CHECK(n.read <= 10);
  CHECK(n.cancelled == 0);
}

TEST_CASE("a run_error stops the run and leaves its item without an end") {
  dataflow_numbers n = run(chain(5000, "disk_full"), with(2, 4), stop_kind::run_error);
  CHECK(n.cancelled == 1);
  CHECK(n.failed == 0);
  CHECK(n.read < 100);
}

TEST_CASE(
    "after an item that the run's end cancelled a serial stage answers none of its stream: there would be a gap") {
  for (int threads : {1, 2, 4})
    for (int in_flight : {1, 4, 32}) {
      CAPTURE(threads);
      CAPTURE(in_flight);
      builder b = chain(5000, "stops_run");
      b.add("remembers", {1});
      remembers::seen.clear();
      dataflow_numbers n = run(b, with(threads, in_flight), stop_kind::run_error);
      CHECK(n.done == 20);
      CHECK(n.failed == 0);
      REQUIRE(remembers::seen.size() == 20);
      for (std::uint64_t i = 0; i < 20; ++i) CHECK(remembers::seen[i] == i);
    }
}

TEST_CASE("a stage that refuses in open() stops the run before it starts, naming the stage") {
  builder b = chain(10, "refuses");
  dataflow flow(b.graph, b.code, with(2, 2));
  CHECK_THROWS_WITH_AS(flow.open_stages(), "stage 'refuses1': no such folder", start_error);
}

TEST_CASE("cancel answers what is in flight at once; drain lets it end") {
  crowd::expect(0);
  for (bool cancel : {false, true}) {
    CAPTURE(cancel);
    builder b = chain(1000000, "crowd");
    dataflow flow(b.graph, b.code, with(2, 64));
    std::thread stopper([&] {
      while (flow.numbers().read < 200) std::this_thread::sleep_for(1ms);
      if (cancel) flow.cancel();  // first: a drain alone may be over before this thread goes on
      flow.drain(stop_kind::asked, "test");
    });
    flow.open_stages();
    flow.run();
    stopper.join();
    dataflow_numbers n = flow.numbers();
    CHECK(n.read == n.done + n.cancelled);
    CHECK((n.cancelled > 0) == cancel);
    CHECK(n.read < 1000000);
  }
}

TEST_CASE("the RAM bound holds, with sizes known before loading and without, to one misjudged item") {
  constexpr std::int64_t mib = 1 << 20;
  struct workload {
    const char* name;
    std::int64_t size, big, every;
  };
  for (workload w : {workload{"all alike", 12 * mib, 0, 0}, workload{"one in ten large", 3 * mib, 60 * mib, 10}})
    for (bool hint : {true, false})
      for (int threads : {1, 8}) {
        CAPTURE(w.name);
        CAPTURE(hint);
        CAPTURE(threads);
        builder b;
        b.add("blobs", {},
              {{"count", std::int64_t{400}}, {"size", w.size}, {"big", w.big}, {"big_every", w.every}, {"hint", hint}});
        b.add("copy", {0});
        b.add("copy", {1});
        b.add("crowd", {2});
        dataflow_options o = with(threads, 64);
        o.ram = 200 * mib;
        dataflow_numbers n = run(b, o);
        CHECK(n.done == 400);
        // An item holds two values at a time at most: input and output of a copy.
        std::int64_t misjudged = 2 * std::max(w.size, w.big);
        CHECK(n.peak_bytes <= 200 * mib + misjudged);
        CHECK(n.reads_withheld > 0);
      }
}

TEST_CASE("an item larger than the RAM bound is run alone and named") {
  builder b;
  b.add("blobs", {},
        {{"count", std::int64_t{20}},
         {"size", std::int64_t{10}},
         {"big", std::int64_t{5000}},
         {"big_every", std::int64_t{20}}});
  b.add("crowd", {0});
  dataflow_options o = with(4, 16);
  o.ram = 1000;
  dataflow_numbers n = run(b, o);
  CHECK(n.done == 20);
  CHECK(n.largest_item == "19");
}
