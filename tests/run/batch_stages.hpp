// A source, a slow branch and model stages whose costs are told, for tests and benchmarks of batches.
#pragma once
#include <chrono>
#include <cmath>
#include <functional>
#include <mutex>
#include <thread>

#include "device/device_state.hpp"
#include "graph_builder.hpp"

namespace flowrun::core::batch_stages {

struct number {
  static constexpr auto port = "batch.number/1";
  std::uint64_t value = 0;
  friend std::size_t bytes(const number&) { return sizeof(number); }
};

// Works, not sleeps: a decode.
inline void spin(std::int64_t microseconds) {
  auto end = std::chrono::steady_clock::now() + std::chrono::microseconds(microseconds);
  while (std::chrono::steady_clock::now() < end) {}
}

struct decode {
  static constexpr auto name = "decode";
  std::int64_t count = 100, work_us = 0, sleep_us = 0, at = 0;
  static void describe(description<decode>& d) {
    d.param("count", &decode::count, "items");
    d.param("work_us", &decode::work_us, "of a core for each item");
    d.param("sleep_us", &decode::sleep_us, "of waiting for each item");
    d.source(&decode::next, &decode::load, {"out"});
  }
  bool next(item_ref& r) {
    if (at == count) return false;
    r.key = std::to_string(at++);
    r.bytes = sizeof(number);
    return true;
  }
  // When the last item was loaded.
  static std::atomic<std::chrono::steady_clock::rep>& last_load() {
    static std::atomic<std::chrono::steady_clock::rep> at{0};
    return at;
  }
  number load(const item_ref& r) const {
    if (work_us > 0) spin(work_us);
    if (sleep_us > 0) std::this_thread::sleep_for(std::chrono::microseconds(sleep_us));
    last_load() = std::chrono::steady_clock::now().time_since_epoch().count();
    return {std::stoull(r.key)};
  }
};

// A transform that is slow for every `every`th item.
struct slow {
  static constexpr auto name = "slow";
  std::int64_t every = 50, sleep_us = 20000;
  static void describe(description<slow>& d) {
    d.param("every", &slow::every, "items");
    d.param("sleep_us", &slow::sleep_us, "for such an item");
    d.run(&slow::run, {"in"}, {"out"});
  }
  number run(const number& n) const {
    if (n.value % static_cast<std::uint64_t>(every) == 0)
      std::this_thread::sleep_for(std::chrono::microseconds(sleep_us));
    return n;
  }
};

struct net {
  static constexpr auto name = "net";
  static void describe(description<net>& d) { d.model("net", &net::prepare, &net::finish, {"in"}, {"out"}); }
  void prepare(const number& n, std::size_t, row& r) const {
    for (float& v : r.values()) v = static_cast<float>(n.value);
  }
  number finish(const number& n, const result_rows& rows) const {
    if (rows[0][0] != static_cast<float>(n.value)) throw std::runtime_error("a row came back to another item");
    return n;
  }
};

struct both {
  static constexpr auto name = "both";
  static void describe(description<both>& d) { d.run(&both::run, {"a", "b"}); }
  void run(const number&, const number&) const {}
};
struct end {
  static constexpr auto name = "end";
  static void describe(description<end>& d) { d.run(&end::run, {"a"}); }
  void run(const number&) const {}
};

// Its first network once, then its second `steps` times with what came out before; gives the value it was given.
struct chain {
  static constexpr auto name = "chain";
  std::int64_t steps = 2, rows = 1;
  static void describe(description<chain>& d) {
    d.param("steps", &chain::steps, "calls of the second network");
    d.param("rows", &chain::rows, "in each call of the second network");
    d.model("first");
    d.model("second").batch(4);
    d.device(&chain::run, {"in"}, {"out"});
  }
  number run(const number& n, lane& on) const {
    tensor start = make_tensor(dtype::float32, {1, 4});
    for (float& v : start.values<float>()) v = static_cast<float>(n.value);
    std::vector<tensor> at = on.session("first").run({start});
    for (std::int64_t i = 0; i < steps; ++i) {
      if (rows > 1) at = {make_tensor(dtype::float32, {rows, 4})};
      if (rows > 1) std::fill_n(at[0].values<float>().data(), 4 * rows, static_cast<float>(n.value));
      at = on.session("second").run(at);
    }
    if (at[0].values<const float>()[3] != static_cast<float>(n.value))
      throw std::runtime_error("a call mixed items up");
    return n;
  }
};

using builder = graph_builder<decode, slow, net, chain, both, end>;

inline model_file echo_model(std::int64_t values) {
  model_file m;
  m.name = "echo";
  m.inputs.push_back({"in", dtype::float32, {{values, values}}, {}});
  m.outputs.push_back({"out", dtype::float32, {{values, values}}, {}});
  return m;
}

// A device stage "chain" that runs these, with as many slots.
inline model_run on_lanes(std::shared_ptr<session> first, std::shared_ptr<session> second, int slots = 1) {
  static const model_file file = echo_model(4);
  model_run m;
  m.networks.push_back({"first", {&file, nullptr}, std::move(first), 1});
  m.networks.push_back({"second", {&file, nullptr}, std::move(second), 4});
  m.slots = m.lanes = slots;
  return m;
}

// Sleeps call_us + rows * row_us, takes the bytes of a simulated device, gives its input back.
class timed_session : public session {
 public:
  double call_us = 0, row_us = 0;
  std::uint64_t per_row = 0;
  simulated_device* memory = nullptr;
  std::function<run_result(std::size_t rows)> fault;  // asked before each call
  std::atomic<int> now{0}, most{0}, calls{0}, most_rows{0};

  run_result run(std::span<const tensor> in, std::size_t rows, std::vector<tensor>& out) noexcept override {
    calls.fetch_add(1);
    int n = now.fetch_add(1) + 1, m = most.load();
    while (n > m && !most.compare_exchange_weak(m, n)) {}
    if (static_cast<int>(rows) > most_rows) most_rows = static_cast<int>(rows);
    run_result r = fault ? fault(rows) : run_result{};
    if (r.outcome == run_outcome::ok && memory && !memory->allocate(rows * per_row))
      r = {run_outcome::out_of_memory, "no memory"};
    else if (r.outcome == run_outcome::ok) {
      double us = call_us + static_cast<double>(rows) * row_us;
      if (us > 0) std::this_thread::sleep_for(std::chrono::duration<double, std::micro>(us));
      if (memory) memory->release(rows * per_row);
      out.assign(1, in[0]);
      out[0] = make_tensor(dtype::float32, in[0].shape);
      std::memcpy(out[0].data.get(), in[0].data.get(), bytes(in[0]));
    }
    now.fetch_sub(1);
    return r;
  }
  vram_need need(std::size_t batch) const override { return {0, batch * per_row, false}; }
};

}  // namespace flowrun::core::batch_stages
