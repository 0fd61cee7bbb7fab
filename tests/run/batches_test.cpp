// What single runs with model stages must do.
#include <doctest/doctest.h>

#include "batch_stages.hpp"
#include "device/simulated_memory.hpp"

using namespace flowrun;
using namespace flowrun::core;
using namespace flowrun::core::batch_stages;

namespace {

struct outcome {
  dataflow_numbers numbers;
  stop_kind stopped = stop_kind::none;
  std::string text;
};

const model_file& echo() {
  static const model_file file = echo_model(4);
  return file;
}

model_run on_cpu(std::shared_ptr<session> s, std::size_t batch, int slots = 1) {
  model_run m;
  m.file = &echo();
  m.session = std::move(s);
  m.batch = batch;
  m.slots = m.lanes = slots;
  return m;
}

std::shared_ptr<device_state> sim_device(std::uint64_t bytes) {
  device_spec spec;
  spec.text = "sim";
  spec.kind = "sim";
  spec.memory = bytes;
  auto device = std::make_shared<device_state>(spec);
  device->set_pool(bytes);
  return device;
}

outcome run_net(std::int64_t count, const model_run& with, dataflow_options o = {}, int retries = 0) {
  builder b;
  b.add("decode", {}, {{"count", count}});
  b.add("net", {0});
  b.add("end", {1});
  b.at(1).retries = retries;
  if (o.in_flight == 16) o.in_flight = 200;
  o.threads = 2;
  o.models = {{}, with, {}};
  dataflow flow(b.graph, b.code, o);
  flow.open_stages();
  flow.run();
  return {flow.numbers(), flow.stopped(), flow.stop_text()};
}

// As net, after a call of its own.
struct taught : net {
  static constexpr auto name = "taught";
  static void describe(description<taught>& d) {
    d.model("taught", &taught::prepare, &taught::finish, {"in"}, {"out"});
    d.start(&taught::start);
  }
  void start(const model_calls& calls) {
    calls.run(2, [](std::size_t, row& r) {
      for (float& v : r.values()) v = 0;
    });
  }
};

}  // namespace

TEST_CASE("out of memory halves batches down to what fits, loses no row and remembers the ceiling") {
  auto s = std::make_shared<timed_session>();
  s->fault = [](std::size_t rows) -> run_result {
    if (rows > 3) return {run_outcome::out_of_memory, "test"};
    return {};
  };
  std::vector<std::size_t> told;
  model_run m = on_cpu(s, 64);
  m.on_ceiling = [&told](std::size_t rows) { told.push_back(rows); };
  outcome r = run_net(1000, m);
  CHECK(r.numbers.done == 1000);
  CHECK(r.numbers.stages[1].rows == 1000);
  CHECK(told == std::vector<std::size_t>{32, 16, 8, 4, 2});
  CHECK(r.numbers.stages[1].ceiling == 2);
  CHECK(r.numbers.stages[1].out_of_memory == 5);

  s->calls = s->most_rows = 0;
  m.ceiling = 2;  // what an earlier run found
  r = run_net(1000, m);
  CHECK(r.numbers.done == 1000);
  CHECK(r.numbers.stages[1].out_of_memory == 0);
  CHECK(s->calls >= 500);
  CHECK(s->most_rows == 2);
}

TEST_CASE("a row that does not fit even alone is that item's error, and only its") {
  auto s = std::make_shared<timed_session>();
  std::atomic<int> calls{0};
  s->fault = [&calls](std::size_t) -> run_result {
    if (calls.fetch_add(1) == 5) return {run_outcome::out_of_memory, "1 rows take 9 MiB"};
    return {};
  };
  dataflow_options o;
  std::string reason;
  o.on_finished = [&reason](const finished_item& f) {
    if (f.end == item_end::failed) reason = f.in_flight->slots[1].reason;
    return true;
  };
  outcome r = run_net(20, on_cpu(s, 1), o);
  CHECK(r.numbers.failed == 1);
  CHECK(r.numbers.done == 19);
  CHECK(reason == "not even one row fits the device's memory: 1 rows take 9 MiB");
}

TEST_CASE("while others hold the device's memory the run waits for it") {
  auto device = sim_device(1000);
  auto* memory = static_cast<simulated_memory*>(device->handle().simulated);
  auto s = std::make_shared<timed_session>();
  s->per_row = 100;
  s->memory = memory;
  memory->set_others(950);
  model_run m = on_cpu(s, 4);
  m.on = device;
  m.per_row = 100;
  std::thread other([memory] {
    std::this_thread::sleep_for(std::chrono::milliseconds(150));
    memory->set_others(0);
  });
  outcome r = run_net(50, m);
  other.join();
  CHECK(r.stopped == stop_kind::none);
  CHECK(r.numbers.done == 50);

  memory->set_others(950);
  dataflow_options o;
  o.memory_wait = std::chrono::milliseconds(60);
  r = run_net(50, m, o);
  CHECK(r.stopped == stop_kind::device_lost);
  CHECK(r.text == "stage 'net1': other programs took memory of device sim and did not give it back in time");
  CHECK(r.numbers.failed == 0);
  CHECK(r.numbers.done + r.numbers.cancelled == r.numbers.read);
}

TEST_CASE("a lost device stops the run; no item is marked failed") {
  auto s = std::make_shared<timed_session>();
  std::atomic<int> calls{0};
  s->fault = [&calls](std::size_t) -> run_result {
    if (calls.fetch_add(1) >= 3) return {run_outcome::device_lost, "the test took it away"};
    return {};
  };
  model_run m = on_cpu(s, 8, 2);
  m.on = sim_device(1000);
  outcome r = run_net(500, m);
  CHECK(r.stopped == stop_kind::device_lost);
  CHECK(r.text == "stage 'net1': the test took it away");
  CHECK(r.numbers.failed == 0);
  CHECK(r.numbers.done == 24);
  CHECK(r.numbers.done + r.numbers.cancelled == r.numbers.read);
}

TEST_CASE("a session that fails fails its items, and retries are for it too") {
  auto s = std::make_shared<timed_session>();
  std::atomic<int> calls{0};
  s->fault = [&calls](std::size_t) -> run_result {
    if (calls.fetch_add(1) % 2 == 0) return {run_outcome::failed, "every other call"};
    return {};
  };
  outcome r = run_net(64, on_cpu(s, 64), {}, 1);
  CHECK(r.numbers.done == 64);
  CHECK(r.numbers.stages[1].retries >= 1);
  calls = 0;
  r = run_net(64, on_cpu(s, 64));
  CHECK(r.numbers.failed == 64);
}

TEST_CASE("outputs that are not what the model file declares are an error with both sizes") {
  struct short_session : timed_session {
    run_result run(std::span<const tensor>, std::size_t rows, std::vector<tensor>& out) noexcept override {
      out.assign(1, make_tensor(dtype::float32, {static_cast<std::int64_t>(rows), 5}));
      return {};
    }
  };
  dataflow_options o;
  std::string reason;
  o.on_finished = [&reason](const finished_item& f) {
    reason = f.in_flight->slots[1].reason;
    return true;
  };
  outcome r = run_net(1, on_cpu(std::make_shared<short_session>(), 8), o);
  CHECK(r.numbers.failed == 1);
  CHECK(reason == "the model's output 'out' is 5 values of float32 for 1 rows; its file declares 4 of float32 a row");
}

TEST_CASE("one item in flight and large batches: every batch goes with its one row") {
  auto s = std::make_shared<timed_session>();
  dataflow_options o;
  o.in_flight = 1;
  outcome r = run_net(50, on_cpu(s, 256, 2), o);
  CHECK(r.numbers.done == 50);
  CHECK(r.numbers.stages[1].batches == 50);
  CHECK(r.numbers.peak_in_flight == 1);
}

TEST_CASE("batches that wait for a slot, and how many rows they have, are counted") {
  struct copying_session : timed_session {
    session_figures figures() const noexcept override { return {0.5, 0.25, 4096}; }
  };
  auto s = std::make_shared<copying_session>();
  s->call_us = 20000;
  outcome r = run_net(60, on_cpu(s, 8));
  const stage_numbers& n = r.numbers.stages[1];
  CHECK(n.batches == 8);
  CHECK(n.eighths == std::vector<std::uint64_t>{0, 0, 0, 1, 0, 0, 0, 7});
  // One runs, the others wait: 20 ms, 40 ms, ... But the decode takes its time too.
  CHECK(n.wait_seconds > 0.2);
  CHECK(n.rowless_seconds < 0.1);
  CHECK(n.device == "cpu");
  CHECK(n.figures.copy_in_seconds == 0.5);
  CHECK(n.figures.copy_out_seconds == 0.25);
  CHECK(n.figures.reserved_bytes == 4096);
}

TEST_CASE("the calls and waits of a stage's start are no part of the run's time") {
  using namespace std::chrono_literals;
  auto s = std::make_shared<timed_session>();
  s->fault = [&s](std::size_t) -> run_result {
    if (s->calls == 1) std::this_thread::sleep_for(200ms);
    return {};
  };
  model_run m = on_cpu(s, 8);
  m.on = sim_device(1000);
  m.per_row = 10;
  graph_builder<decode, taught, end> b;
  b.add("decode", {}, {{"count", 16}});
  b.add("taught", {0});
  b.add("end", {1});
  dataflow_options o;
  o.threads = 2;
  o.models = {{}, m, {}};
  auto others = std::make_unique<device_bytes>(m.on.get(), 1000);
  std::thread later([&others] {
    std::this_thread::sleep_for(200ms);
    others.reset();
  });
  dataflow flow(b.graph, b.code, o);  // starts the stage
  later.join();
  CHECK(s->calls == 1);
  flow.open_stages();
  flow.run();
  const stage_numbers n = flow.numbers().stages[1];
  CHECK(n.batches >= 2);
  CHECK(n.calling_seconds < 0.1);
  CHECK(n.session_seconds < 0.1);
  CHECK(n.wait_seconds < 0.1);
}

TEST_CASE("a device that waits for rows: the time without a batch is counted") {
  auto s = std::make_shared<timed_session>();
  model_run m = on_cpu(s, 4);
  m.on = sim_device(1 << 20);
  builder b;
  b.add("decode", {}, {{"count", 16}, {"sleep_us", 20000}});
  b.add("net", {0});
  b.add("end", {1});
  dataflow_options o;
  o.threads = 2;
  o.in_flight = 200;
  o.models = {{}, m, {}};
  dataflow flow(b.graph, b.code, o);
  flow.open_stages();
  flow.run();
  // 16 items of 20 ms on two threads.
  const double without = flow.numbers().stages[1].rowless_seconds;
  CHECK(without > 0.1);
  CHECK(flow.numbers().stages[1].device == "sim");
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  CHECK(flow.numbers().stages[1].rowless_seconds == without);
}
