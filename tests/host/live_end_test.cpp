// A live run ended in every way while it works.
#include <atomic>
#include <mutex>
#include <thread>

#include "host_graph.hpp"

using namespace flowrun;
using namespace host_test;

// in -> slow = in, after `pause`
static graph load_slow(int in_flight, std::chrono::microseconds pause) {
  return load(graph_text("in_flight: " + std::to_string(in_flight), "  slow: {use: host.slow, in: in}\n"),
              {make_stage("slow",
                          [pause](int n) {
                            std::this_thread::sleep_for(pause);
                            return n;
                          },
                          {"n"}, {"n"})});
}

TEST_CASE("two engines in two threads, one cancelled in its midst, 50 times") {
  int unfinished = 0;
  for (int round = 0; round < 50; ++round) {
    std::atomic<int> cancelled_results{0}, accepted{0};
    std::thread other([&] {
      live_run live(load_slow(4, 100us));
      std::thread cancels([&] {
        std::this_thread::sleep_for(std::chrono::microseconds(100 * (round % 20)));
        live.cancel();
      });
      for (int i = 0; live.push("in", {std::to_string(i), i}) == push_outcome::accepted; ++i) ++accepted;
      cancels.join();
      report r = live.wait();
      CHECK(r.exit_code == 75);
      CHECK(r.read == static_cast<std::uint64_t>(accepted.load()));
      CHECK(r.done + r.cancelled == r.read);
      CHECK(r.message ==
            "cancelled: " + std::to_string(r.cancelled) + " of " + std::to_string(r.read) + " items have no result");
      std::uint64_t results = 0;
      while (auto result = live.pull()) {
        ++results;
        if (result->status == result_status::cancelled) {
          ++cancelled_results;
          CHECK(result->why("slow") == "cancelled");
        }
      }
      CHECK(results == r.read);
      CHECK(static_cast<std::uint64_t>(cancelled_results.load()) == r.cancelled);
    });
    live_run live(load_twice(4));
    int sum = 0;
    for (int i = 0; i < 50; ++i) {
      REQUIRE(live.push("in", {std::to_string(i), i}, {}, 60s) == push_outcome::accepted);
      sum += *live.pull(60s)->get<int>("twice");
    }
    live.close();
    CHECK(live.wait().done == 50);
    CHECK(sum == 2450);
    other.join();
    unfinished += cancelled_results;
  }
  CHECK(unfinished > 0);  // else nothing was cancelled in its midst
}

TEST_CASE("destroyed while it runs, with and without a callback") {
  for (int round = 0; round < 20; ++round) {
    std::atomic<int> told{0};
    live_options options;
    if (round % 2 == 0) options.on_result = [&told](const item_result&) { ++told; };
    int accepted = 0;
    {
      auto e = std::make_unique<graph>(load_slow(8, 200us));
      live_run live(*e, options);
      e.reset();
      for (int i = 0; i < round; ++i) accepted += live.try_push("in", {std::to_string(i), i});
    }
    if (options.on_result) CHECK(told == accepted);
  }
}

TEST_CASE("cancel() wakes who waits in push(), pull() and wait()") {
  std::atomic<bool> go{false};
  live_run live(load_waiting(1, go));
  live.push("in", {"a", 1});
  std::vector<std::thread> threads;
  threads.emplace_back([&] { CHECK(live.push("in", {"b", 2}) == push_outcome::ended); });
  threads.emplace_back([&] { CHECK(live.push("in", {"c", 2}) == push_outcome::ended); });
  threads.emplace_back([&] {
    while (live.pull()) {}
  });
  threads.emplace_back([&] { CHECK(live.wait().exit_code == 75); });
  std::this_thread::sleep_for(20ms);
  live.cancel();
  threads[0].join();  // although the stage still works
  threads[1].join();
  go = true;
  threads[2].join();
  threads[3].join();
  CHECK(live.ended());
}

TEST_CASE("a stage whose on_error is stop ends those who push") {
  auto fail = [](int n) {
    if (n == 20) throw std::runtime_error("twenty");
    return n;
  };
  live_run live(load(graph_text("in_flight: 2", "  fail: {use: host.fail, in: in, on_error: stop}\n"),
                     {make_stage("fail", fail, {"n"}, {"n"})}));
  std::vector<std::thread> threads;
  std::atomic<int> next{0}, accepted{0};
  for (int t = 0; t < 3; ++t)
    threads.emplace_back([&] {
      for (;;) {
        int n = next++;
        push_outcome o = live.push("in", {std::to_string(n), n}, {}, 60s);
        if (o != push_outcome::accepted) {
          CHECK(o == push_outcome::ended);
          return;
        }
        ++accepted;
      }
    });
  for (std::thread& t : threads) t.join();
  report r = live.wait();
  CHECK(r.exit_code == 3);
  CHECK(r.message == "an item failed at stage 'fail', whose on_error is stop");
  CHECK(r.read == static_cast<std::uint64_t>(accepted.load()));
  std::uint64_t results = 0;
  while (live.pull()) ++results;
  CHECK(results == r.read);
}

TEST_CASE("a callback that throws ends the run and is not called again") {
  std::atomic<int> calls{0};
  std::string error;
  std::mutex mutex;
  live_options options;
  options.on_result = [&](const item_result& r) {
    ++calls;
    if (r.key == "5") throw std::runtime_error("full");
  };
  options.on_log = [&](log_level level, std::string_view text) {
    std::lock_guard lock(mutex);
    if (level == log_level::error) error = text;
    throw std::runtime_error("what a log throws is ignored");
  };
  live_run live(load_twice(1), options);
  int accepted = 0;
  while (live.push("in", {std::to_string(accepted), accepted}, {}, 60s) == push_outcome::accepted) ++accepted;
  report r = live.wait();
  CHECK(calls == 6);
  CHECK(r.exit_code == 70);
  CHECK(r.message == "on_result threw on item '5': full");
  CHECK(error == r.message);
  CHECK(r.read == static_cast<std::uint64_t>(accepted));
  CHECK(live.ended());
}
