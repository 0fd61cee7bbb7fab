// When sessions are given back.
#include <doctest/doctest.h>

#include "device_runs.hpp"

using namespace flowrun;
using namespace flowrun::core;
using namespace flowrun::core::batch_stages;

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
