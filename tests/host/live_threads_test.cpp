// A live run under many threads.
#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/task_arena.h>

#include <atomic>
#include <mutex>
#include <thread>

#include "host_graph.hpp"

using namespace flowrun;
using namespace host_test;

namespace {

// Four threads push `each` items; counts how often each result came.
struct four_pushers {
  explicit four_pushers(int n) : each(n), seen(static_cast<std::size_t>(4 * n)) {}

  void take(const item_result& r) {
    const int* n = r.get<int>("twice");
    if (r.status != result_status::done || !n || std::to_string(*n / 2) != r.key)
      ++wrong;
    else
      ++seen[static_cast<std::size_t>(*n / 2)];
  }
  void push_all(live_run& live) {
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
      threads.emplace_back([this, &live, t] {
        for (int i = 0; i < each; ++i) {
          const int n = t * each + i;
          if (live.push("in", {std::to_string(n), n}) != push_outcome::accepted) ++wrong;
        }
      });
    for (std::thread& t : threads) t.join();
  }
  int not_once() const {
    int n = 0;
    for (const auto& s : seen) n += s != 1;
    return n;
  }

  int each;
  std::vector<std::atomic<int>> seen;
  std::atomic<int> wrong{0};
};

}  // namespace

TEST_CASE("10,000 items of four threads come back exactly once each") {
  for (int in_flight : {1, 8})
    for (bool by_callback : {false, true}) {
      CAPTURE(in_flight);
      CAPTURE(by_callback);
      four_pushers items(2500);
      live_options options;
      std::atomic<int> at_once{0}, most_at_once{0};
      if (by_callback)
        options.on_result = [&](const item_result& r) {
          if (++at_once > 1) ++most_at_once;
          items.take(r);
          --at_once;
        };
      live_run live(load_twice(in_flight), options);
      std::thread puller([&] {
        if (by_callback) return;
        while (auto r = live.pull()) items.take(*r);
      });
      items.push_all(live);
      live.close();
      report r = live.wait();
      puller.join();
      CHECK(r.exit_code == 0);
      CHECK(r.done == 10000);
      CHECK(r.peak_in_flight <= in_flight);
      CHECK(items.wrong == 0);
      CHECK(items.not_once() == 0);
      CHECK(most_at_once == 0);
      CHECK(live.ended());
    }
}

TEST_CASE("a slow callback slows push(): no more items are unfinished than in_flight") {
  std::atomic<int> pushed{0}, told{0}, most{0};
  live_run live(load_twice(3), {.on_result = [&](const item_result&) {
                  std::this_thread::sleep_for(200us);
                  int now = pushed - told;
                  if (now > most) most = now;
                  ++told;
                }});
  for (int i = 0; i < 200; ++i) {
    live.push("in", {std::to_string(i), i});
    ++pushed;
  }
  live.close();
  live.wait();
  CHECK(told == 200);
  CHECK(most <= 3);
}

TEST_CASE("in the callback: try_push() and close(), but neither push() nor wait()") {
  live_run* self = nullptr;
  std::atomic<bool> ready{false};
  std::string pushing, waiting;
  int calls = 0;
  live_run live(load_twice(2), {.on_result = [&](const item_result& r) {
                  while (!ready) std::this_thread::yield();
                  pushing = thrown_text([&] { self->push("in", {"x", 0}); });
                  waiting = thrown_text([&] { self->wait(); });
                  if (++calls < 10)
                    CHECK(self->try_push("in", {"next", *r.get<int>("twice")}));
                  else
                    self->close();
                }});
  self = &live;
  ready = true;
  live.push("in", {"first", 1});
  CHECK(live.wait().done == 10);
  CHECK(pushing == "in on_result push() waits for a place that the callback holds; use try_push()");
  CHECK(waiting == "in on_result wait() waits for the callback's own end");
}

TEST_CASE("inside the tasks of a host's own oneTBB arena, with one thread and with many") {
  for (int threads : {1, 4}) {
    oneapi::tbb::task_arena arena(threads);
    std::atomic<int> sum{0};
    arena.execute([&] {
      oneapi::tbb::parallel_for(0, 4, [&](int task) {
        live_run live(load_twice(2));
        for (int i = 0; i < 20; ++i) {
          CHECK(live.push("in", {std::to_string(i), task}, {}, 60s) == push_outcome::accepted);
          auto r = live.pull(60s);
          if (r) sum += *r->get<int>("twice");
        }
        live.close();
        CHECK(live.wait().done == 20);
      });
    });
    CHECK(sum == 2 * 20 * (0 + 1 + 2 + 3));
  }
}

TEST_CASE("a stage runs a live run of its own") {
  const graph inner = load_twice(2);
  auto nested = [&inner](int n) {
    live_run live(inner);
    live.push("in", {"inner", n});
    return *live.pull()->get<int>("twice") + 1;
  };
  live_run live(load(graph_text("in_flight: 4", "  nested: {use: host.nested, in: in}\n"),
                     {make_stage("nested", nested, {"n"}, {"n"})}));
  int sum = 0;
  for (int i = 0; i < 12; ++i) {
    live.push("in", {std::to_string(i), i});
    if (i % 4 != 3) continue;
    for (int k = 0; k < 4; ++k) sum += *live.pull(60s)->get<int>("nested");
  }
  CHECK(sum == 2 * 66 + 12);
}
