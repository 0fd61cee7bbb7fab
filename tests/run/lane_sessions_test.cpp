// What a device stage's body sees of its sessions: tensors that stay on a device, and faults that it catches.
#include <doctest/doctest.h>

#include <cmath>

#include "device_runs.hpp"

using namespace flowrun;
using namespace flowrun::core;
using namespace flowrun::core::batch_stages;

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

// A stage whose body the test gives.
struct bodied {
  static constexpr auto name = "bodied";
  static std::function<tensor(lane&)>& body() {
    static std::function<tensor(lane&)> given;
    return given;
  }
  static void describe(description<bodied>& d) {
    d.model("first");
    d.model("second");
    d.device(&bodied::run, {"in"}, {"out"});
  }
  tensor run(const number&, lane& on) const { return body()(on); }
};

// One item through `run`.
outcome run_body(const model_run& with, std::function<tensor(lane&)> run) {
  bodied::body() = std::move(run);
  graph_builder<decode, bodied> b;
  b.add("decode", {}, {{"count", std::int64_t{1}}});
  b.add("bodied", {0});
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
  CHECK(r.reason == "a tensor on cuda:1 was read as if it were in the CPU's memory; fetch() it first");
}

TEST_CASE("NaN in a tensor that stayed on the device are seen when it is fetched, by whichever session") {
  const model_run m = on_lanes(std::make_shared<staying_session>(), std::make_shared<staying_session>());
  const auto row_with = [](int nans) {
    tensor t = row_of(1);
    for (int i = 0; i < nans; ++i) t.values<float>()[static_cast<std::size_t>(i)] = std::nanf("");
    return t;
  };
  outcome r = run_body(m, [&](lane& on) {
    const tensor kept = on.session("second").run({row_with(3)}).at(0);
    on.session("second").run({row_with(0)});  // gone, and forgotten
    return on.session("first").fetch(kept);
  });
  CHECK(r.reason ==
        "the model's output 'out' is not a number (NaN) in 3 of its 4 values; try another precision, or a model "
        "that takes this input");
  // A part of it is the network's too; what the stage brought to the device itself is not.
  r = run_body(m, [&](lane& on) {
    const tensor kept = on.session("first").run({row_with(4)}).at(0);
    const tensor part{kept.type, {1, 2}, std::shared_ptr<void>(kept.data, kept.data.get()), kept.where};
    return on.session("first").fetch(part);
  });
  CHECK(r.reason.find("is not a number (NaN) in 2 of its 2 values") != std::string::npos);
  r = run_body(m, [&](lane& on) {
    tensor own = row_with(4);
    own.where = {place::cuda, 1};
    return on.session("first").fetch(own);
  });
  CHECK(r.reason == "");
  CHECK(r.numbers.done == 1);
}

TEST_CASE("nothing is fetched from a lost device") {
  auto s = std::make_shared<staying_session>();
  model_run m = on_lanes(s, s);
  m.on = sim_device(1 << 20);
  outcome r = run_body(m, [&](lane& on) {
    const tensor kept = on.session("first").run({row_of(1)}).at(0);
    m.on->set_lost();
    return on.session("first").fetch(kept);
  });
  CHECK(r.numbers.cancelled == 1);
  CHECK(s->fetched == 0);
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
