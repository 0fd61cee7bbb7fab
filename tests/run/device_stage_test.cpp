// What single runs with device stages must do.
#include <doctest/doctest.h>

#include <limits>

#include "device_runs.hpp"

using namespace flowrun;
using namespace flowrun::core;
using namespace flowrun::core::batch_stages;

namespace {

outcome run_chain(std::int64_t count, const model_run& with, std::int64_t rows = 1, int retries = 0,
                  std::chrono::milliseconds memory_wait = std::chrono::milliseconds(60000)) {
  builder b;
  b.add("decode", {}, {{"count", count}});
  b.add("chain", {0}, {{"rows", rows}});
  b.add("end", {1});
  b.at(1).retries = retries;
  dataflow_options o;
  o.threads = 2;
  o.in_flight = 50;
  o.models = {{}, with, {}};
  o.memory_wait = memory_wait;
  return run_to_end(b, o);
}

}  // namespace

TEST_CASE("a device stage calls its networks in turn, in the arena and on lanes of a device") {
  for (bool on_device : {false, true}) {
    CAPTURE(on_device);
    auto first = std::make_shared<timed_session>(), second = std::make_shared<timed_session>();
    model_run m = on_lanes(first, second, 2);
    if (on_device) m.on = sim_device(1000);
    m.fixed = 400;
    outcome r = run_chain(100, m, 3);
    CHECK(r.numbers.done == 100);
    CHECK(first->calls == 100);
    CHECK(second->calls == 200);
    const stage_numbers& n = r.numbers.stages[1];
    CHECK(n.calls == 100);
    CHECK(n.batches == 300);
    CHECK(n.rows == 700);
    CHECK(n.peak_slots <= 2);
    CHECK(n.parallel == 2);
    CHECK(n.device == (on_device ? "sim" : "cpu"));
    if (on_device) CHECK(m.on->peak_taken() <= 800);
    if (on_device) CHECK(m.on->peak_taken() >= 400);
  }
}

TEST_CASE("a call that finds no memory is its item's error, and only its") {
  auto second = faulty(at_call(3, run_outcome::out_of_memory, "1 rows take 9 MiB"));
  outcome r = run_chain(20, on_lanes(std::make_shared<timed_session>(), second), 1, 5);
  CHECK(r.numbers.failed == 1);
  CHECK(r.numbers.done == 19);
  CHECK(r.reason == "the model 'echo' does not fit the device's memory: 1 rows take 9 MiB");
  CHECK(r.numbers.stages[1].out_of_memory == 1);
  CHECK(r.numbers.stages[1].retries == 0);
}

TEST_CASE("while others hold the device's memory a device stage waits for it, and trims what it keeps") {
  struct trimmed_session : timed_session {
    std::atomic<int> trims{0};
    void trim() override { ++trims; }
  };
  auto device = sim_device(1000);
  auto* memory = static_cast<simulated_memory*>(device->handle().simulated);
  auto s = std::make_shared<trimmed_session>();
  s->per_row = 100;
  s->memory = memory;
  model_run m = on_lanes(s, s);
  m.on = device;
  m.fixed = 200;
  memory->set_others(950);
  std::thread other([memory] {
    std::this_thread::sleep_for(std::chrono::milliseconds(150));
    memory->set_others(0);
  });
  outcome r = run_chain(20, m);
  other.join();
  CHECK(r.stopped == stop_kind::none);
  CHECK(r.numbers.done == 20);
  CHECK(r.numbers.stages[1].out_of_memory == 1);
  CHECK(s->trims == 2);  // both networks

  memory->set_others(950);
  r = run_chain(20, m, 1, 0, std::chrono::milliseconds(60));
  CHECK(r.stopped == stop_kind::device_lost);
  CHECK(r.text == "stage 'chain1': other programs took memory of device sim and did not give it back in time");
  CHECK(r.numbers.failed == 0);
  CHECK(r.numbers.done + r.numbers.cancelled == r.numbers.read);
}

TEST_CASE("a device that a stage's call loses stops the run; no item is marked failed") {
  auto second = faulty(at_call(6, run_outcome::device_lost, "the test took it away"));
  model_run m = on_lanes(std::make_shared<timed_session>(), second);
  m.on = sim_device(1000);
  outcome r = run_chain(100, m);
  CHECK(r.stopped == stop_kind::device_lost);
  CHECK(r.text == "stage 'chain1': the test took it away");
  CHECK(r.numbers.failed == 0);
  CHECK(r.numbers.done == 3);
  CHECK(r.numbers.done + r.numbers.cancelled == r.numbers.read);
  CHECK(m.on->lost());
}

TEST_CASE("a call that fails fails its item, and `retries` runs the whole stage again") {
  auto every_third = [] {
    auto calls = std::make_shared<std::atomic<int>>(0);
    return faulty([calls](std::size_t) {
      return calls->fetch_add(1) % 3 == 1 ? run_result{run_outcome::failed, "every third call"} : run_result{};
    });
  };
  outcome r = run_chain(1, on_lanes(std::make_shared<timed_session>(), every_third()));
  CHECK(r.numbers.failed == 1);
  CHECK(r.reason == "the model 'echo' failed: every third call");
  auto first = std::make_shared<timed_session>();
  r = run_chain(1, on_lanes(first, every_third()), 1, 1);
  CHECK(r.numbers.done + r.numbers.failed == 1);
  CHECK(r.numbers.stages[1].retries == 1);
  CHECK(first->calls == 2);
}

TEST_CASE("what a call is given and what it gives are held to the model file") {
  auto good = std::make_shared<timed_session>();
  CHECK(run_chain(1, on_lanes(good, good), 5).reason ==
        "run() was given 5 rows for the model 'echo', planned for 4; give fewer, or say so in the description: "
        "d.model(...).batch(5)");
  struct odd_session : timed_session {
    std::int64_t width = 4;
    float value = 0;
    run_result run(std::span<const tensor>, std::size_t rows, std::vector<tensor>& out) noexcept override {
      out.assign(1, make_tensor(dtype::float32, {static_cast<std::int64_t>(rows), width}));
      for (float& v : out[0].values<float>()) v = value;
      return {};
    }
  };
  auto odd = std::make_shared<odd_session>();
  odd->width = 3;
  CHECK(run_chain(1, on_lanes(odd, good)).reason ==
        "the model's output 'out' is 3 values of float32 for 1 rows; its file declares 4 of float32 a row");
  static const model_file any_width = [] {
    model_file m = echo_model(4);
    m.outputs[0].shape = {{1, 4}};
    return m;
  }();
  model_run narrow = on_lanes(odd, good);
  narrow.networks[0].format.model = &any_width;
  CHECK(run_chain(1, narrow).reason ==
        "run() was given float32 [1, 3] for the input 'in' of the model 'echo', which takes float32 [rows, 4]");
  odd->width = 5;
  CHECK(run_chain(1, on_lanes(good, odd)).reason ==
        "the model's output 'out' is 5 values of float32 for 1 rows; its file declares 4 of float32 a row");
  odd->width = 4;
  odd->value = std::numeric_limits<float>::quiet_NaN();
  CHECK(run_chain(1, on_lanes(good, odd)).reason ==
        "the model's output 'out' is not a number (NaN) in 4 of its 4 values; try another precision, or a model that "
        "takes this input");
  model_run other = on_lanes(good, good);
  other.networks[1].name = "third";
  CHECK(run_chain(1, other).reason == "the stage has no model 'second'; it has: first, third");
}
