#include <atomic>
#include <chrono>
#include <thread>

#include "fixture.hpp"
#include "store/store_writer.hpp"

using namespace store_test;

namespace {

commit_unit numbered(int i, std::size_t bytes = 10) {
  return unit_of("photos", "photo-" + std::to_string(i) + ".jpg", {value_row(0, std::string(bytes, 'x'))});
}

}  // namespace

TEST_CASE("the backlog's bound is exact, and owed places come back after their commit") {
  scratch run;
  auto store = run_store::open(run.path, {kept("light", '1', {"photos"})});
  std::atomic<int> owed{0};
  std::atomic<bool> early{false};
  std::atomic<int> pushed{0};
  writer_options options;
  options.max_units = 5;
  options.max_bytes = 100;
  options.group_ms = 60000;  // nothing is committed unless a place is owed
  options.on_committed = [&](std::size_t n) {
    if (number_in(run.path, "SELECT count(*) FROM items") < pushed) early = true;
    owed -= static_cast<int>(n);
  };
  SUBCASE("units") {
    store_writer writer(*store, options);
    for (int i = 0; i < 5; ++i) CHECK(writer.push(numbered(i)));
    pushed = 6;
    ++owed;
    CHECK_FALSE(writer.push(numbered(5)));
    for (int wait = 0; wait < 1000 && owed > 0; ++wait) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    CHECK(owed == 0);
    CHECK(writer.push(numbered(6)));  // all six are out
    writer.finish();
    writer.finish();
    CHECK(writer.counted().units == 7);
    CHECK(writer.counted().groups == 2);
    CHECK(writer.counted().largest_backlog == 6);
    CHECK_THROWS_AS(writer.push(numbered(7)), std::logic_error);
  }
  SUBCASE("bytes") {
    store_writer writer(*store, options);
    CHECK(writer.push(numbered(0, 60)));
    CHECK(writer.push(numbered(1, 40)));
    pushed = 3;
    ++owed;
    CHECK_FALSE(writer.push(numbered(2, 1)));
    writer.finish();
    CHECK(owed == 0);
  }
  CHECK_FALSE(early);
}

TEST_CASE("many threads: every unit is committed, every owed place given back") {
  scratch run;
  auto store = run_store::open(run.path, {kept("light", '1', {"photos"})});
  std::atomic<std::int64_t> owed{0};
  writer_options options;
  options.max_units = 50;
  options.group_ms = 1;
  options.on_committed = [&](std::size_t n) { owed -= static_cast<std::int64_t>(n); };
  {
    store_writer writer(*store, options);
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
      threads.emplace_back([&, t] {
        for (int i = 0; i < 500; ++i) {
          ++owed;  // before the push: it may come back at once
          if (writer.push(numbered(1000 * t + i))) --owed;
        }
      });
    for (std::thread& t : threads) t.join();
  }
  CHECK(owed == 0);
  CHECK(store->read_table(0).size() == 2000);
}

TEST_CASE("after an error it drops, and gives back what it owes") {
  scratch run;
  auto store = run_store::open(run.path, {kept("light", '1', {"photos"})});
  store->commit({numbered(3)});
  std::atomic<int> owed{0}, failures{0};
  std::string text;
  writer_options options;
  options.max_units = 2;
  options.on_committed = [&](std::size_t n) { owed -= static_cast<int>(n); };
  options.on_failed = [&](const std::string& what) {
    ++failures;
    text = what;
  };
  store_writer writer(*store, options);
  for (int i = 0; i < 20; ++i) {
    ++owed;
    if (writer.push(numbered(i == 0 ? 3 : i + 100))) --owed;
    if (i % 5 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  writer.finish();
  CHECK(owed == 0);
  CHECK(failures == 1);
  CHECK(contains(text, "written twice"));
  CHECK(store->read_table(0).size() == 1);
}

TEST_CASE("speed: units a second with one value of 100 bytes (printed, not judged)") {
  scratch run;
  auto store = run_store::open(run.path, {kept("light", '1', {"photos"})});
  const int n = 40000;
  auto begun = std::chrono::steady_clock::now();
  store_writer::numbers numbers;
  {
    store_writer writer(*store, {});
    for (int i = 0; i < n; ++i)
      if (!writer.push(numbered((i * 7919) % n, 100))) std::this_thread::sleep_for(std::chrono::microseconds(200));
    writer.finish();
    numbers = writer.counted();
  }
  double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  CHECK(numbers.units == n);
  MESSAGE("store_writer: " << static_cast<int>(n / seconds) << " units/s, " << numbers.groups << " groups, "
                           << static_cast<int>(n / numbers.commit_seconds) << " units/s in commit()");
}
