// What is said when the model stages do not fit, whole.
#include <doctest/doctest.h>
#include <test_paths.hpp>

#include <fstream>
#include <sstream>

#include "vram_wishes.hpp"

using namespace flowrun::core;
using namespace flowrun::core::test;

TEST_CASE("all five stages on the 8 GB card: segment is too large, three proposals") {
  CHECK(plan_vram(card(8188), workload(8188)).problem ==
        "the model stages do not fit the memory of the device\n"
        "  budget 6140 MiB = 8188 MiB of the device - 2048 MiB reserve\n"
        "  pool 829 MiB = budget - 5311 MiB of weights (categorize 600, embed 512, segment 2458, inpaint 1536, "
        "pose 205)\n"
        "  categorize: a batch of 32 rows (64 wished) needs 1920 MiB of the pool\n"
        "  segment: a batch of 1 row needs 5734 MiB of the pool\n"
        "  inpaint: a batch of 1 row (2 wished) needs 2048 MiB of the pool\n"
        "what can help:\n"
        "  a model with a smaller input: --set segment.model=NAME\n"
        "  --profile fast: smaller pictures, where the model takes pictures of any size\n"
        "  leave segment out of the graph: then there is room for categorize with a batch of 48, embed with a batch "
        "of 32, inpaint with a batch of 1 and pose with a batch of 16");
}

TEST_CASE("all five stages on the 12 GB card: segment alone does not fit") {
  CHECK(plan_vram(card(12282), workload(12282)).problem ==
        "the model stages do not fit the memory of the device\n"
        "  budget 10234 MiB = 12282 MiB of the device - 2048 MiB reserve\n"
        "  pool 4923 MiB = budget - 5311 MiB of weights (categorize 600, embed 512, segment 2458, inpaint 1536, "
        "pose 205)\n"
        "  segment: a batch of 1 row needs 5734 MiB of the pool\n"
        "what can help:\n"
        "  a model with a smaller input: --set segment.model=NAME\n"
        "  --profile fast: smaller pictures, where the model takes pictures of any size\n"
        "  leave segment out of the graph: then there is room for categorize with a batch of 96, embed with a batch "
        "of 64, inpaint with a batch of 3 and pose with a batch of 32");
}

TEST_CASE("segment alone on the 8 GB card, in full precision and by an estimate") {
  vram_wish w = workload_stage(8188, "segment");
  w.half_possible = true;
  w.estimate = true;
  CHECK(plan_vram(card(8188), {w}).problem ==
        "the model stages do not fit the memory of the device\n"
        "  budget 6140 MiB = 8188 MiB of the device - 2048 MiB reserve\n"
        "  pool 3682 MiB = budget - 2458 MiB of weights (segment 2458)\n"
        "  segment: a batch of 1 row needs 5734 MiB of the pool, by an estimate\n"
        "what can help:\n"
        "  half precision: --set segment.precision=fp16\n"
        "  a model with a smaller input: --set segment.model=NAME\n"
        "  --profile fast: smaller pictures, where the model takes pictures of any size\n"
        "  leave segment out of the graph");
}

TEST_CASE("a batch that would fit is named") {
  vram_wish w = workload_stage(8188, "categorize");
  vram_budget b = card(8188);
  b.cap = 2048 * mib;
  CHECK(plan_vram(b, {w}).problem ==
        "the model stages do not fit the memory of the device\n"
        "  budget 2048 MiB = what `vram` allows\n"
        "  pool 1448 MiB = budget - 600 MiB of weights (categorize 600)\n"
        "  categorize: a batch of 32 rows (64 wished) needs 1920 MiB of the pool\n"
        "what can help:\n"
        "  a smaller batch: --set categorize.batch=24\n"
        "  --profile fast: smaller pictures, where the model takes pictures of any size\n"
        "  leave categorize out of the graph");
}

TEST_CASE("smaller batches are named for all that do not fit, and with them the rest fits") {
  std::vector<vram_wish> wishes = {workload_stage(8188, "categorize"), workload_stage(8188, "embed")};
  wishes[0].batch = wishes[1].batch = 64;
  vram_budget b = card(8188);
  b.cap = 2500 * mib;
  CHECK(plan_vram(b, wishes).problem ==
        "the model stages do not fit the memory of the device\n"
        "  budget 2500 MiB = what `vram` allows\n"
        "  pool 1388 MiB = budget - 1112 MiB of weights (categorize 600, embed 512)\n"
        "  categorize: a batch of 32 rows (64 wished) needs 1920 MiB of the pool\n"
        "  embed: a batch of 32 rows (64 wished) needs 1536 MiB of the pool\n"
        "what can help:\n"
        "  a smaller batch: --set categorize.batch=23 --set embed.batch=28\n"
        "  --profile fast: smaller pictures, where the model takes pictures of any size\n"
        "  leave categorize out of the graph: then there is room for embed with a batch of 32");
  wishes[0].batch = 23;
  wishes[1].batch = 28;
  CHECK(batches_text(plan_vram(b, wishes)) == "23/28");
}

TEST_CASE("two stages are too large, one with a smaller batch to offer; others hold the memory") {
  vram_budget b = card(8188);
  b.free = 2100 * mib;
  std::vector<vram_wish> wishes = {workload_stage(8188, "categorize"), workload_stage(8188, "inpaint")};
  wishes[1].resident = 100 * mib;
  wishes[1].half_possible = true;
  CHECK(plan_vram(b, wishes).problem ==
        "the model stages do not fit the memory of the device\n"
        "  budget 1844 MiB = 2100 MiB that are free (of 8188 MiB) - 256 MiB to spare\n"
        "  pool 1144 MiB = budget - 700 MiB of weights (categorize 600, inpaint 100)\n"
        "  categorize: a batch of 32 rows (64 wished) needs 1920 MiB of the pool\n"
        "  inpaint: a batch of 1 row (2 wished) needs 2048 MiB of the pool\n"
        "what can help:\n"
        "  half precision: --set inpaint.precision=fp16\n"
        "  a smaller batch: --set categorize.batch=19; a model with a smaller input: --set inpaint.model=NAME\n"
        "  --profile fast: smaller pictures, where the model takes pictures of any size\n"
        "  leave categorize and inpaint out of the graph");
}

TEST_CASE("weights larger than the budget: smaller calls are no help") {
  vram_wish large = workload_stage(8188, "segment"), small = workload_stage(8188, "pose");
  large.resident = 7000 * mib;
  large.half_possible = true;
  CHECK(plan_vram(card(8188), {large, small}).problem ==
        "the model stages do not fit the memory of the device\n"
        "  budget 6140 MiB = 8188 MiB of the device - 2048 MiB reserve\n"
        "  pool 0 MiB: 7205 MiB of weights (segment 7000, pose 205) are more than the budget\n"
        "  segment: a batch of 1 row needs 5734 MiB of the pool\n"
        "  pose: a batch of 8 rows (16 wished) needs 512 MiB of the pool\n"
        "what can help:\n"
        "  half precision: --set segment.precision=fp16\n"
        "  leave segment out of the graph: then there is room for pose with a batch of 16");
}

TEST_CASE("weights alone that do not fit, of stages that need nothing else") {
  vram_wish large, small;
  large.stage = "large";
  large.resident = 6000 * mib;
  small.stage = "small";
  small.resident = 200 * mib;
  CHECK(plan_vram(card(8188), {small, large}).problem ==
        "the model stages do not fit the memory of the device\n"
        "  budget 6140 MiB = 8188 MiB of the device - 2048 MiB reserve\n"
        "  pool 0 MiB: 6200 MiB of weights (small 200, large 6000) are more than the budget\n"
        "what can help:\n"
        "  leave large out of the graph: then there is room for small with a batch of 1");
}

TEST_CASE("a device smaller than the reserve") {
  CHECK(plan_vram(card(1024), {workload_stage(8188, "pose")}).problem ==
        "the model stages do not fit the memory of the device\n"
        "  budget 0 MiB = nothing: the reserve of 2048 MiB is as much as the whole device, 1024 MiB\n"
        "  pool 0 MiB: 205 MiB of weights (pose 205) are more than the budget\n"
        "  pose: a batch of 8 rows (16 wished) needs 512 MiB of the pool\n"
        "what can help:\n"
        "  leave pose out of the graph");
}

TEST_CASE("what is needed is rounded up, what there is down") {
  vram_wish w;
  w.stage = "net";
  w.resident = 10 * mib;
  w.fixed = 100 * mib + 2;
  vram_budget b = card(8188);
  b.cap = 110 * mib + 1;
  CHECK(plan_vram(b, {w}).problem ==
        "the model stages do not fit the memory of the device\n"
        "  budget 110 MiB = what `vram` allows\n"
        "  pool 100 MiB = budget - 10 MiB of weights (net 10)\n"
        "  net: a batch of 1 row needs 101 MiB of the pool\n"
        "what can help:\n"
        "  a model with a smaller input: --set net.model=NAME\n"
        "  --profile fast: smaller pictures, where the model takes pictures of any size\n"
        "  leave net out of the graph");
}

TEST_CASE("the docs show the refusal as it is") {
  std::ifstream in(std::string(test_paths::source) + "/docs/profiles-and-memory.md");
  std::ostringstream docs;
  docs << in.rdbuf();
  CHECK(docs.str().find("```\n" + plan_vram(card(8188), workload(8188)).problem + "\n```\n") != std::string::npos);
}
