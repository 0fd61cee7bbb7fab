// The pool of a device, which grows where weights were given back, and what each of several runs is told of it.
#include <doctest/doctest.h>

#include <atomic>
#include <thread>

#include "device/device_watch.hpp"

using namespace flowrun::core;
using namespace std::chrono_literals;

static constexpr std::uint64_t mib = 1 << 20;

static std::shared_ptr<device_state> make_device() {
  device_spec spec;
  spec.kind = "sim";
  spec.text = "sim:1GiB";
  spec.memory = 1024 * mib;
  return std::make_shared<device_state>(spec);
}

// A call that takes the bytes and ends when it is told to.
class held_call {
 public:
  held_call(device_state& of, std::uint64_t bytes)
      : thread_([this, &of, bytes] {
          const device_share share(of, bytes);
          got_ = true;
          while (!over_) std::this_thread::sleep_for(1ms);
        }) {}
  ~held_call() {
    over_ = true;
    thread_.join();
  }
  bool got_within(std::chrono::milliseconds time) const {
    const auto until = std::chrono::steady_clock::now() + time;
    while (!got_ && std::chrono::steady_clock::now() < until) std::this_thread::sleep_for(1ms);
    return got_;
  }

 private:
  std::atomic<bool> got_{false}, over_{false};
  std::thread thread_;
};

TEST_CASE("weights that were given back are room for a call that waits") {
  auto device = make_device();
  const std::uint64_t plan = device->set_pool(100 * mib, 150 * mib);
  const held_call first(*device, 80 * mib);
  REQUIRE(first.got_within(10s));
  const held_call second(*device, 60 * mib);
  CHECK_FALSE(second.got_within(50ms));
  device->grow_pool(plan, 30 * mib);
  CHECK_FALSE(second.got_within(50ms));
  device->grow_pool(plan, 10 * mib);
  CHECK(second.got_within(10s));
  CHECK(device->peak_taken() == 140 * mib);
  CHECK(device->pool() == 100 * mib);  // as planned
  CHECK(device->budget() == 150 * mib);
}

TEST_CASE("weights of an earlier plan make no room: the newest has counted what is free") {
  auto device = make_device();
  const std::uint64_t before = device->set_pool(100 * mib);
  device->grow_pool(before, 50 * mib);
  const std::uint64_t plan = device->set_pool(100 * mib);
  CHECK(plan != before);
  device->grow_pool(before, 500 * mib);
  const held_call first(*device, 80 * mib);
  REQUIRE(first.got_within(10s));
  const held_call second(*device, 60 * mib);
  CHECK_FALSE(second.got_within(50ms));
  device->grow_pool(plan, 40 * mib);
  CHECK(second.got_within(10s));
}

TEST_CASE("of two that share a device each is told what it did since it came") {
  auto device = make_device();
  device->set_pool(1000 * mib);
  const device_watch first(device);
  {
    const device_share share(*device, 400 * mib);
    std::this_thread::sleep_for(200ms);
  }
  const device_watch second(device);
  CHECK(second.busy_seconds() == 0);
  CHECK(second.peak_taken() == 0);
  {
    const held_call other(*device, 300 * mib);
    REQUIRE(other.got_within(10s));
    const device_watch third(device);
    CHECK(third.peak_taken() == 300 * mib);  // under way when it came
    const device_share share(*device, 50 * mib);
    CHECK(third.peak_taken() == 350 * mib);
  }
  CHECK(first.peak_taken() == 400 * mib);
  CHECK(second.peak_taken() == 350 * mib);
  CHECK(second.busy_seconds() > 0);
  CHECK(first.busy_seconds() >= second.busy_seconds() + 0.19);
}
