// Lanes that wait for a device cost the decode nothing. A rate is measured: nothing else runs beside this test.
#include <doctest/doctest.h>

#include "batch_stages.hpp"

using namespace flowrun;
using namespace flowrun::core;
using namespace flowrun::core::batch_stages;

TEST_CASE("eight sleeping lanes leave one arena thread to the decode") {
  static const model_file file = echo_model(4);
  auto seconds = [](bool with_lanes) {
    builder b;
    b.add("decode", {}, {{"count", std::int64_t{1000}}, {"work_us", std::int64_t{1000}}});
    dataflow_options o;
    o.threads = 1;
    o.in_flight = 400;
    if (with_lanes) {
      b.add("net", {0});
      b.add("end", {1});
      auto s = std::make_shared<timed_session>();
      s->call_us = 40000;
      model_run m;
      m.file = &file;
      m.session = s;
      m.batch = m.slots = m.lanes = 8;
      device_spec spec;
      spec.kind = spec.text = "sim";
      spec.memory = 1 << 20;
      m.on = std::make_shared<device_state>(spec);
      m.on->set_pool(spec.memory);
      o.models = {{}, m, {}};
    } else {
      b.add("end", {0});
    }
    dataflow flow(b.graph, b.code, o);
    flow.open_stages();
    auto begin = std::chrono::steady_clock::now();
    flow.run();
    CHECK(flow.numbers().done == 1000);
    return static_cast<double>(decode::last_load() - begin.time_since_epoch().count());
  };
  double best = 0;
  for (int i = 0; i < 6 && best < 0.95; ++i) best = std::max(best, seconds(false) / seconds(true));
  MESSAGE("decode keeps " << best * 100 << " % of its rate alone");
  CHECK(best >= 0.95);
}
