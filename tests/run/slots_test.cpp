// Sessions at once on a device: as many as the plan has slots, never more, and so only because of the limiter.
#include <doctest/doctest.h>

#include "batch_stages.hpp"
#include "plan/vram_plan.hpp"
#include "run/seam.hpp"

using namespace flowrun;
using namespace flowrun::core;
using namespace flowrun::core::batch_stages;

namespace {

// 60 MiB a row; what a device stage with two such networks takes in a call.
constexpr std::uint64_t mib = 1 << 20, row_bytes = 60 * mib;

struct measured {
  vram_share share;
  stage_numbers stage;
  int sessions_at_once = 0;
  std::uint64_t peak = 0, pool = 0, done = 0;
};

// A model of 600 MiB and 60 MiB a row, batches of 32, eight lanes, on a card of so many GiB.
measured run_on_card(std::uint64_t gib) {
  set_seam_sleeps(false);  // a rate is measured
  device_spec spec;
  spec.text = "sim:" + std::to_string(gib) + "GiB";
  spec.kind = "sim";
  spec.memory = gib << 30;
  auto device = std::make_shared<device_state>(spec);
  REQUIRE(device->handle().simulated->allocate(600 * mib));
  vram_budget budget;
  budget.total = budget.free = spec.memory;
  vram_wish wish;
  wish.stage = "net";
  wish.resident = 600 * mib;
  wish.per_row = 60 * mib;
  wish.batch = 32;
  wish.lanes = 8;
  vram_result plan = plan_vram(budget, {wish});
  REQUIRE(plan.fits);
  device->set_pool(plan.pool);

  static const model_file file = echo_model(4);
  auto timed = std::make_shared<timed_session>();
  timed->call_us = 60000;  // long enough for every slot to fill, under a sanitizer too
  timed->per_row = wish.per_row;
  timed->memory = device->handle().simulated;
  builder b;
  b.add("decode", {}, {{"count", std::int64_t{1500}}});
  b.add("net", {0});
  b.add("end", {1});
  model_run run;
  run.file = &file;
  run.session = timed;
  run.on = device;
  run.batch = plan.shares[0].batch;
  run.slots = plan.shares[0].slots;
  run.lanes = wish.lanes;
  run.per_row = wish.per_row;
  dataflow_options o;
  o.threads = 2;
  o.in_flight = 600;
  o.models = {{}, run, {}};
  dataflow flow(b.graph, b.code, o);
  flow.open_stages();
  flow.run();
  return {plan.shares[0], flow.numbers().stages[1], timed->most, device->peak_taken(), plan.pool, flow.numbers().done};
}

}  // namespace

TEST_CASE("as many sessions run at once as the plan has slots, at 8, 16 and 24 GiB") {
  struct {
    std::uint64_t gib;
    int slots;  // (GiB - 2 GiB reserve - 600 MiB) / (32 rows of 60 MiB), at most 8
  } cards[] = {{8, 2}, {16, 7}, {24, 8}};
  for (auto card : cards) {
    CAPTURE(card.gib);
    measured m = run_on_card(card.gib);
    CHECK(m.share.batch == 32);
    CHECK(m.share.slots == card.slots);
    CHECK(m.stage.peak_slots == card.slots);
    CHECK(m.sessions_at_once == card.slots);
    CHECK(m.peak <= m.pool);
    CHECK(m.stage.out_of_memory == 0);
    CHECK(m.done == 1500);
  }
}

// A device stage: networks of 300 MiB each, calls of 1 and of 4 rows, eight lanes.
static measured run_chain_on_card(std::uint64_t gib) {
  set_seam_sleeps(false);
  device_spec spec;
  spec.text = "sim";
  spec.kind = "sim";
  spec.memory = gib << 30;
  auto device = std::make_shared<device_state>(spec);
  REQUIRE(device->handle().simulated->allocate(600 * mib));
  vram_budget budget;
  budget.total = budget.free = spec.memory;
  vram_wish wish;
  wish.stage = "chain";
  wish.resident = 600 * mib;
  wish.fixed = 5 * row_bytes;
  wish.lanes = 8;
  vram_result plan = plan_vram(budget, {wish});
  REQUIRE(plan.fits);
  device->set_pool(plan.pool);
  auto timed = std::make_shared<timed_session>();
  timed->call_us = 20000;
  timed->per_row = row_bytes;
  timed->memory = device->handle().simulated;
  builder b;
  b.add("decode", {}, {{"count", std::int64_t{200}}});
  b.add("chain", {0});
  b.add("end", {1});
  model_run run = on_lanes(timed, timed, plan.shares[0].slots);
  run.on = device;
  run.lanes = wish.lanes;
  run.fixed = wish.fixed;
  dataflow_options o;
  o.threads = 2;
  o.in_flight = 100;
  o.models = {{}, run, {}};
  dataflow flow(b.graph, b.code, o);
  flow.open_stages();
  flow.run();
  return {plan.shares[0], flow.numbers().stages[1], timed->most, device->peak_taken(), plan.pool, flow.numbers().done};
}

TEST_CASE("a device stage runs in as many slots as its bytes leave") {
  struct {
    std::uint64_t gib;
    int slots;  // (GiB - 2 GiB reserve - 600 MiB) / 300 MiB, at most 8
  } cards[] = {{3, 1}, {4, 4}, {16, 8}};
  for (auto card : cards) {
    CAPTURE(card.gib);
    measured m = run_chain_on_card(card.gib);
    CHECK(m.share.slots == card.slots);
    CHECK(m.stage.peak_slots == card.slots);
    CHECK(m.stage.peak_calls == card.slots);
    CHECK(m.sessions_at_once <= card.slots);
    CHECK(m.peak == static_cast<std::uint64_t>(card.slots) * 5 * row_bytes);
    CHECK(m.peak <= m.pool);
    CHECK(m.stage.out_of_memory == 0);
    CHECK(m.stage.batches == 600);  // one call of the first network and two of the second
    CHECK(m.done == 200);
  }
}

TEST_CASE("without the limiter more batches are on their way than there are slots: the test above would fail") {
  plant(planted_bug::no_limiter);
  measured m = run_on_card(8);
  plant(planted_bug::none);
  CHECK(m.stage.peak_slots > m.share.slots);
  CHECK(m.done == 1500);
}
