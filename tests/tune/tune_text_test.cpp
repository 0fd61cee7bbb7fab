// The table, the JSON and the profile of a tuning, whole.
#include "tune_text.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

using namespace tool;

namespace {

tune_step step(std::uint64_t batch, step_end end, const char* verdict) {
  tune_step s;
  s.stage = "tag";
  s.point = {batch, 2, "fp32"};
  s.figures.end = end;
  s.verdict = verdict;
  if (end == step_end::measured) {
    s.figures.rows = 4 * batch;
    s.figures.rows_per_second = 1000.25;
    s.figures.row_seconds = 0.001;
    s.figures.peak_bytes = std::uint64_t{512} << 20;
    s.figures.busy = 0.5;
  }
  return s;
}

tune_result sample() {
  tune_result r;
  r.device = "sim:16GiB";
  r.steps = {step(16, step_end::measured, "start"), step(32, step_end::refused, "does not fit the device's memory")};
  r.values = {{"probe.tag", {16, 2, "fp32"}}};
  r.budget = 60;
  return r;
}

}  // namespace

TEST_CASE("each device is listed once, also where its name begins as another's does") {
  CHECK(list_once({"cuda:10", "cuda:1", "cuda:10", "cpu", "cuda:1"}) == "cuda:10, cuda:1, cpu");
  CHECK(list_once({}).empty());
}

TEST_CASE("a table") {
  tune_result r = sample();
  r.cut_short = true;
  CHECK(tune_table(r) ==
        "stage   batch lanes precision     rows/s peak MiB busy %  verdict\n"
        "tag        16     2 fp32          1000.2      512     50  start\n"
        "tag        32     2 fp32               -        -      -  does not fit the device's memory\n"
        "probe.tag: batch 16, lanes 2, precision fp32\n"
        "nothing was found that is faster than what the graph starts with\n"
        "the time of 60 s was over before the search was; a longer --for finds more\n");
  r.changed = true;
  r.cut_short = false;
  r.whole.before = 2;
  r.whole.after = 1.5;
  r.whole.taken_back = 1;
  const std::string t = tune_table(r);
  CHECK(t.substr(t.find("probe.tag")) ==
        "probe.tag: batch 16, lanes 2, precision fp32\n"
        "whole graph: 2.00 s as it was, 1.50 s with these\n"
        "with what was faster for a stage the graph was slower: it was taken back 1 time, by half or all\n");
}

TEST_CASE("JSON") {
  const auto j = nlohmann::json::parse(tune_json(sample()));
  CHECK(j["uses"]["probe.tag"] == nlohmann::json{{"batch", 16}, {"lanes", 2}, {"precision", "fp32"}});
  CHECK(j["steps"][0]["rows_per_second"] == 1000.25);
  CHECK(j["steps"][0]["end"] == "measured");
  CHECK(j["steps"][0]["peak_bytes"] == 536870912);
  CHECK(j["steps"][1]["rows_per_second"].is_null());
  CHECK(j["steps"][1]["end"] == "refused");
  CHECK(j["whole"].is_null());
  CHECK(j["changed"] == false);
}

TEST_CASE("a profile") {
  CHECK(tuned_profile(sample()) ==
        "# Made by `flowrun tune` for the device sim:16GiB.\n"
        "flowrun_profile: 1\n"
        "uses:\n"
        "  probe.tag: {batch: 16, lanes: 2, precision: fp32}\n");
}
