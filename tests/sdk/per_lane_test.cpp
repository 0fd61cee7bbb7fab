// What several threads do at once; also run under the thread sanitizer.
#include <doctest/doctest.h>

#include <atomic>
#include <flowrun/per_lane.hpp>
#include <flowrun/testing.hpp>
#include <set>
#include <thread>

namespace {

struct scratch {
  std::vector<int> v;  // not thread-safe: the sanitizer would see two users
  bool busy = false;
};

struct smooth {
  static constexpr auto name = "smooth";
  flowrun::per_lane<scratch> lanes;
  static void describe(flowrun::description<smooth>& d) { d.run(&smooth::run, {"n"}, {"sum"}); }
  int run(const int& n) const {
    auto lane = lanes.take();
    lane->v.clear();
    for (int i = 0; i < n; ++i) lane->v.push_back(i);
    std::this_thread::yield();
    int sum = 0;
    for (int x : lane->v) sum += x;
    return sum;
  }
};

}  // namespace

TEST_CASE("a lease is nobody else's, and values are used again") {
  std::atomic<int> made{0};
  flowrun::per_lane<scratch> lanes([&made] {
    ++made;
    return std::make_unique<scratch>();
  });
  std::atomic<int> shared{0}, most{0}, now{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 500; ++i) {
        const int users = ++now;
        for (int seen = most; users > seen && !most.compare_exchange_weak(seen, users);) {}
        {
          auto lease = lanes.take();
          if (std::exchange(lease->busy, true)) ++shared;
          (*lease).v.push_back(i);
          if (i % 16 == 0) std::this_thread::yield();
          lease->busy = false;
        }
        --now;
      }
    });
  for (std::thread& t : threads) t.join();
  CHECK(shared == 0);
  CHECK(made >= 1);
  CHECK(made <= 8);
  const int before = made;
  {
    auto one = lanes.take();
    CHECK(made == before);
    std::set<scratch*> all{&*one};
    std::vector<std::unique_ptr<flowrun::per_lane<scratch>::lease>> held;
    for (int i = 0; i < 10; ++i) {
      held.emplace_back(new auto(lanes.take()));
      all.insert(&**held.back());
    }
    CHECK(all.size() == 11);
  }
  CHECK(made == 11);
}

TEST_CASE("a copied per_lane makes values of its own") {
  int made = 0;
  flowrun::per_lane<int> a([&made] { return std::make_unique<int>(++made); });
  { CHECK(*a.take() == 1); }
  const flowrun::per_lane<int> b = a;
  CHECK(*b.take() == 2);
  CHECK(*a.take() == 1);
}

TEST_CASE("a stage with per_lane keeps const's promise") {
  flowrun::testing::stage<smooth> s;
  CHECK(flowrun::testing::check_parallel(s, std::vector<int>{1, 50, 7, 300}) == "");
}

TEST_CASE("type_of and fields are made once, whoever asks first") {
  struct late {
    int v = 0;
    static void fields(flowrun::fields<late>& f) { f.field("v", &late::v); }
  };
  std::set<const void*> seen;
  std::mutex mutex;
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t)
    threads.emplace_back([&] {
      const void* at = &flowrun::fields<late>::of();
      std::lock_guard lock(mutex);
      seen.insert(at);
    });
  for (std::thread& t : threads) t.join();
  CHECK(seen.size() == 1);
}
