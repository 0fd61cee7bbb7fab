// What single runs with device stages must do, and when sessions are given back.
#include <doctest/doctest.h>

#include <limits>

#include "batch_stages.hpp"
#include "device/simulated_memory.hpp"

using namespace flowrun;
using namespace flowrun::core;
using namespace flowrun::core::batch_stages;

namespace {

struct outcome {
  dataflow_numbers numbers;
  stop_kind stopped = stop_kind::none;
  std::string text, reason;  // of a stop; of an item that failed
};

std::shared_ptr<device_state> sim_device(std::uint64_t bytes) {
  device_spec spec;
  spec.text = "sim";
  spec.kind = "sim";
  spec.memory = bytes;
  auto device = std::make_shared<device_state>(spec);
  device->set_pool(bytes);
  return device;
}

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
  outcome r;
  o.on_finished = [&r](const finished_item& f) {
    static std::mutex mutex;
    std::lock_guard lock(mutex);
    if (f.end == item_end::failed) r.reason = f.in_flight->slots[1].reason;
    return true;
  };
  dataflow flow(b.graph, b.code, o);
  flow.open_stages();
  flow.run();
  r.numbers = flow.numbers();
  r.stopped = flow.stopped();
  r.text = flow.stop_text();
  return r;
}

std::shared_ptr<timed_session> faulty(std::function<run_result(std::size_t)> fault) {
  auto s = std::make_shared<timed_session>();
  s->fault = std::move(fault);
  return s;
}

// Answers by the number of the call, from 0.
std::function<run_result(std::size_t)> at_call(int number, run_outcome outcome, const char* text) {
  auto calls = std::make_shared<std::atomic<int>>(0);
  return [=](std::size_t) { return calls->fetch_add(1) == number ? run_result{outcome, text} : run_result{}; };
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

namespace {

// Leaves what it gives on a device, and takes such; the device's memory is the test's own.
struct staying_session : timed_session {
  std::atomic<int> fetched{0}, on_device{0};
  run_result run(std::span<const tensor> in, std::size_t rows, std::vector<tensor>& out) noexcept override {
    if (!in[0].where.on_cpu()) ++on_device;
    run_result r = timed_session::run(in, rows, out);
    out[0].where = {place::cuda, 1};
    return r;
  }
  run_result fetch(const tensor& from, tensor& to) noexcept override {
    ++fetched;
    to = from;
    to.where = {};
    return {};
  }
};

// One item through `run`, written as a stage's body.
template <class Run> outcome run_body(const model_run& with, const Run& run) {
  static const Run* body = nullptr;
  body = &run;
  struct stage {
    static constexpr auto name = "stage";
    static void describe(description<stage>& d) {
      d.model("first");
      d.model("second");
      d.device(&stage::run, {"in"}, {"out"});
    }
    tensor run(const number&, lane& on) const { return (*body)(on); }
  };
  graph_builder<decode, stage> b;
  b.add("decode", {}, {{"count", std::int64_t{1}}});
  b.add("stage", {0});
  dataflow_options o;
  o.models = {{}, with};
  outcome r;
  o.on_finished = [&r](const finished_item& f) {
    r.reason = f.in_flight->slots[1].reason;
    return true;
  };
  dataflow flow(b.graph, b.code, o);
  flow.open_stages();
  flow.run();
  r.numbers = flow.numbers();
  return r;
}

tensor row_of(float value) {
  tensor t = make_tensor(dtype::float32, {1, 4});
  for (float& v : t.values<float>()) v = value;
  return t;
}

}  // namespace

TEST_CASE("a tensor stays on the device from one call to the next, and leaves it by fetch() alone") {
  auto s = std::make_shared<staying_session>();
  const model_run m = on_lanes(s, s);
  outcome r = run_body(m, [](lane& on) {
    const tensor kept = on.session("first").run({row_of(7)}).at(0);
    if (kept.where.text() != "cuda:1") throw std::runtime_error("it did not stay");
    tensor back = on.session("second").fetch(on.session("second").run({kept}).at(0));
    if (back.values<const float>()[2] != 7) throw std::runtime_error("it came back as another");
    return back;
  });
  CHECK(r.reason == "");
  CHECK(r.numbers.done == 1);
  CHECK(s->on_device == 1);
  CHECK(s->fetched == 1);
  r = run_body(m, [](lane& on) { return on.session("first").run({row_of(7)}).at(0); });
  CHECK(r.reason == "a tensor on cuda:1 cannot leave the stage; fetch() it from its session");
  r = run_body(m, [](lane& on) {
    on.session("first").run({row_of(7)}).at(0).values<const float>();
    return row_of(0);
  });
  CHECK(r.reason == "a tensor on cuda:1 was read as if it were in the CPU's memory");
}

TEST_CASE("a stage that lets a fault of a network pass answers all the same, but not on a lost device") {
  auto good = std::make_shared<timed_session>();
  const auto body = [](lane& on) {
    try {
      on.session("first").run({row_of(1)});
    } catch (const std::exception&) {}
    return on.session("second").run({row_of(2)}).at(0);
  };
  outcome r = run_body(on_lanes(faulty(at_call(0, run_outcome::failed, "once")), good), body);
  CHECK(r.numbers.done == 1);
  r = run_body(on_lanes(faulty(at_call(0, run_outcome::device_lost, "gone")), good), body);
  CHECK(r.numbers.cancelled == 1);
}

TEST_CASE("a stage's sessions are given back when no item can reach it, while later stages still run") {
  for (const char* kind : {"net", "chain"}) {
    CAPTURE(kind);
    auto device = sim_device(1000);
    simulated_device* memory = device->handle().simulated;
    REQUIRE(memory->allocate(300));  // the weights
    auto s = std::make_shared<timed_session>();
    static const model_file file = echo_model(4);
    model_run m;
    if (std::string(kind) == "chain") m = on_lanes(s, s);
    if (std::string(kind) == "net") m.file = &file;
    m.session = s;
    m.on = device;
    m.batch = 4;
    std::atomic<int> releases{0}, finished{0}, at_release{-1};
    m.release = [&] {
      memory->release(300);
      ++releases;
      at_release = finished.load();
    };
    builder b;
    b.add("decode", {}, {{"count", std::int64_t{12}}});
    b.add(kind, {0});
    // Only the first item is slow here; the last ones are past the networks long before it is.
    b.add("slow", {1}, {{"every", std::int64_t{100}}, {"sleep_us", std::int64_t{400000}}});
    b.add("end", {2});
    dataflow_options o;
    o.threads = 2;
    o.in_flight = 50;
    o.models = {{}, m, {}, {}};
    o.on_finished = [&](const finished_item&) {
      ++finished;
      return true;
    };
    dataflow flow(b.graph, b.code, o);
    flow.open_stages();
    std::thread run([&flow] { flow.run(); });
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (releases == 0 && std::chrono::steady_clock::now() < until)
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    CHECK(device->free() == 1000);
    CHECK(finished < 12);  // the run goes on without them
    run.join();
    CHECK(finished == 12);
    CHECK(at_release < 12);
    CHECK(releases == 1);
    CHECK(flow.numbers().done == 12);
  }
}
