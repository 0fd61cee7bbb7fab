// Random graphs, each compared with what must come out of it. FLOWRUN_SEEDS=from,count runs others than the usual.
#include <doctest/doctest.h>

#include <chrono>
#include <cstdlib>
#include <thread>

#include "random_graph.hpp"
#include "run/seam.hpp"

using namespace flowrun::core;

namespace {

// Ends the program, naming the seed, when a run makes no end: a hang is a finding, not a wait.
class watchdog {
 public:
  explicit watchdog(std::chrono::seconds limit)
      : thread_([this, limit] {
          std::uint64_t last = 0;
          auto since = std::chrono::steady_clock::now();
          while (!over_) {
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
            if (beat_ != last) {
              last = beat_;
              since = std::chrono::steady_clock::now();
            } else if (std::chrono::steady_clock::now() - since > limit) {
              std::fprintf(stderr, "hang: seed %llu\n", static_cast<unsigned long long>(seed_.load()));
              std::abort();
            }
          }
        }) {}
  ~watchdog() {
    over_ = true;
    thread_.join();
  }
  void at(std::uint64_t seed) {
    seed_ = seed;
    ++beat_;
  }

 private:
  std::atomic<std::uint64_t> beat_{1}, seed_{0};
  std::atomic<bool> over_{false};
  std::thread thread_;
};

}  // namespace

#ifndef FLOWRUN_RANDOM_GRAPHS
#define FLOWRUN_RANDOM_GRAPHS 2000
#endif

TEST_CASE("random graphs: every packet answered once, each row in one batch, order kept, no stall, no cap exceeded") {
  std::uint64_t from = 1, count = FLOWRUN_RANDOM_GRAPHS;
  if (const char* seeds = std::getenv("FLOWRUN_SEEDS")) {
    char* comma = nullptr;
    from = std::strtoull(seeds, &comma, 10);
    if (*comma == ',') count = std::strtoull(comma + 1, nullptr, 10);
  }
  watchdog dog(std::chrono::seconds(60));
  std::uint64_t items = 0, rows = 0, holes = 0, out_of_memory = 0, displaced = 0;
  for (std::uint64_t seed = from; seed < from + count; ++seed) {
    dog.at(seed);
    random_run_result r = run_random_graph(seed, 120);
    items += r.items;
    rows += r.rows;
    holes += r.holes;
    out_of_memory += r.out_of_memory;
    displaced += r.displaced;
    CAPTURE(seed);
    REQUIRE(r.fault == "");
  }
  MESSAGE(count << " graphs, " << items << " items, " << rows << " rows, " << holes << " holes, " << out_of_memory
                << " times out of memory, " << displaced << " batches that made room");
  CHECK(items > count * 10);
  CHECK(rows > count * 10);
  CHECK(holes > count / 10);
  CHECK(out_of_memory > count / 10);
  CHECK(displaced > count / 10);
}
