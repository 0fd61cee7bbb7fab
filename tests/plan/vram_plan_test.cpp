// Batches and slots: the workload's table of cards, and the arithmetic apart.
#include <doctest/doctest.h>

#include <limits>

#include "vram_wishes.hpp"

using namespace flowrun::core;
using namespace flowrun::core::test;

namespace {

std::string plan_batches(std::uint64_t card_mib, const std::vector<std::string>& without = {}) {
  return batches_text(plan_vram(card(card_mib), workload(card_mib, without)));
}

// A device that leaves exactly `pool` MiB beside the weights.
vram_result plan_in_pool(std::uint64_t pool_mib, vram_wish wish) {
  vram_budget b = card(1 << 20);
  b.reserve = 0;
  b.cap = pool_mib * mib + wish.resident;
  return plan_vram(b, {wish});
}

vram_wish wish(std::uint64_t per_row_mib, std::size_t batch, int lanes) {
  vram_wish w;
  w.stage = "net";
  w.resident = 100 * mib;
  w.per_row = per_row_mib * mib;
  w.batch = batch;
  w.lanes = lanes;
  return w;
}

vram_share only_share(const vram_result& r) {
  REQUIRE(r.fits);
  REQUIRE(r.shares.size() == 1);
  return r.shares[0];
}

}  // namespace

TEST_CASE("the table of cards: all stages together") {
  CHECK(plan_batches(16303) == "128/64/1/4/32");
  CHECK(plan_batches(24564) == "192/64/1/4/32");
  CHECK(plan_batches(81559) == "640/64/1/4/32");
  CHECK(plan_batches(12282, {"segment"}) == "96/64/3/32");
  CHECK(plan_batches(8188, {"segment"}) == "48/32/1/16");
}

TEST_CASE("the table of cards: refusals") {
  const vram_result on_12gb = plan_vram(card(12282), workload(12282));
  CHECK(!on_12gb.fits);
  CHECK(on_12gb.shares.empty());
  CHECK(on_12gb.pool == 4923 * mib);
  CHECK(on_12gb.problem.find("segment: a batch of 1 row needs 5734 MiB of the pool") != std::string::npos);
  CHECK(on_12gb.problem.find("categorize: ") == std::string::npos);
  const vram_result on_8gb = plan_vram(card(8188), workload(8188));
  CHECK(!on_8gb.fits);
  CHECK(on_8gb.problem.find("segment: a batch of 1 row needs 5734 MiB of the pool") != std::string::npos);
}

TEST_CASE("the table of cards: each alone on the 8 GB card") {
  const auto alone = [](const char* name) { return batches_text(plan_vram(card(8188), {workload_stage(8188, name)})); };
  CHECK(alone("categorize") == "64");
  CHECK(alone("embed") == "32");
  CHECK(alone("inpaint") == "2");
  CHECK(alone("pose") == "16");
  CHECK(!plan_vram(card(8188), {workload_stage(8188, "segment")}).fits);
}

TEST_CASE("slots and bytes on the 16 GB card") {
  const vram_result r = plan_vram(card(16303), workload(16303));
  REQUIRE(r.fits);
  CHECK(r.problem == "");
  CHECK(r.budget == 14255 * mib);
  CHECK(r.residents == 5311 * mib);
  CHECK(r.pool == 8944 * mib);
  const std::vector<std::uint64_t> workspaces = {7680, 3072, 5734, 8192, 2048};
  const std::vector<int> slots = {1, 2, 1, 1, 2};
  REQUIRE(r.shares.size() == slots.size());
  for (std::size_t i = 0; i < slots.size(); ++i) {
    CAPTURE(i);
    CHECK(r.shares[i].workspace == workspaces[i] * mib);
    CHECK(r.shares[i].slots == slots[i]);
  }
}

TEST_CASE("the budget is the least of what is ours, what is free and the cap") {
  vram_budget b = card(16000);
  CHECK(b.bytes() == 13952 * mib);
  b.free = 10000 * mib;
  CHECK(b.bytes() == 9744 * mib);
  b.cap = 4096 * mib;
  CHECK(b.bytes() == 4096 * mib);
  b.free = 256 * mib;
  CHECK(b.bytes() == 0);
  b.free = 0;
  CHECK(b.bytes() == 0);
  CHECK(card(2048).bytes() == 0);
  CHECK(card(1).bytes() == 0);
}

TEST_CASE("a batch that does not fit becomes three quarters, then half") {
  CHECK(only_share(plan_in_pool(1280, wish(10, 128, 1))).batch == 128);
  CHECK(only_share(plan_in_pool(1279, wish(10, 128, 1))).batch == 96);
  CHECK(only_share(plan_in_pool(959, wish(10, 128, 1))).batch == 64);
  CHECK(!plan_in_pool(639, wish(10, 128, 1)).fits);
  CHECK(only_share(plan_in_pool(59, wish(10, 7, 1))).batch == 5);
  CHECK(only_share(plan_in_pool(49, wish(10, 7, 1))).batch == 3);
  CHECK(only_share(plan_in_pool(10, wish(10, 2, 1))).batch == 1);
  CHECK(only_share(plan_in_pool(10, wish(10, 1, 1))).batch == 1);
  CHECK(!plan_in_pool(9, wish(10, 1, 1)).fits);
  CHECK(only_share(plan_in_pool(10, wish(10, 0, 0))).batch == 1);
}

TEST_CASE("slots: as many as lanes, as the pool has room for, and at least one") {
  CHECK(only_share(plan_in_pool(1000, wish(10, 10, 4))).slots == 4);
  CHECK(only_share(plan_in_pool(399, wish(10, 10, 4))).slots == 3);
  CHECK(only_share(plan_in_pool(199, wish(10, 10, 4))).slots == 1);
  CHECK(only_share(plan_in_pool(100, wish(10, 10, 4))).slots == 1);
  CHECK(only_share(plan_in_pool(1000, wish(10, 10, 0))).slots == 1);
  CHECK(only_share(plan_in_pool(1000, wish(0, 10, 3))).slots == 3);
}

TEST_CASE("a batch that waits holds its buffers only, where they are known") {
  vram_wish w = wish(10, 10, 4);
  w.buffers_per_row = 2 * mib;
  CHECK(only_share(plan_in_pool(100, w)).slots == 1);
  CHECK(only_share(plan_in_pool(119, w)).slots == 1);
  CHECK(only_share(plan_in_pool(120, w)).slots == 2);
  CHECK(only_share(plan_in_pool(150, w)).slots == 3);
  CHECK(only_share(plan_in_pool(1000, w)).slots == 4);
  CHECK(only_share(plan_in_pool(150, w)).workspace == 100 * mib);
}

TEST_CASE("a slot has a fixed part") {
  vram_wish w = wish(10, 10, 2);
  w.fixed = 50 * mib;
  CHECK(only_share(plan_in_pool(150, w)).workspace == 150 * mib);
  CHECK(only_share(plan_in_pool(149, w)).batch == 7);
  CHECK(only_share(plan_in_pool(300, w)).slots == 2);
}

TEST_CASE("sums beyond the largest number do not wrap round") {
  constexpr auto most = std::numeric_limits<std::uint64_t>::max();
  vram_wish w = wish(0, 65536, 2);
  w.per_row = most / 2;
  CHECK(!plan_in_pool(1000, w).fits);
  w = wish(1, 1, 1);
  w.resident = most;
  CHECK(!plan_vram(card(16303), {w, w}).fits);
}

TEST_CASE("weights that fit exactly leave nothing to compute in; no stage, nothing to refuse") {
  CHECK(!plan_in_pool(0, wish(10, 1, 1)).fits);
  const vram_result none = plan_vram(card(8188), {});
  CHECK(none.fits);
  CHECK(none.shares.empty());
  CHECK(none.pool == 6140 * mib);
}
