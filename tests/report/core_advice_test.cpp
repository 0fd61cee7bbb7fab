// What a run says of cores: what takes them, and a network on the CPU that leaves some idle.
#include <doctest/doctest.h>

#include "made_report.hpp"

using namespace flowrun;
using namespace flowrun::core;

namespace {

// The network on the CPU; its session's time is the stage's too.
report on_cpu(double session, int slots) {
  report r = made_report();
  r.devices.clear();
  r.stages[0].busy_seconds = 4;
  stage_report& tag = r.stages[1];
  tag.device = "cpu";
  tag.session_seconds = session;
  tag.busy_seconds = session + 1;
  tag.slots = tag.peak_slots = slots;
  return r;
}

}  // namespace

TEST_CASE("a network takes the cores") {
  CHECK(limit_of(on_cpu(34, 4), {39, 0}) ==
        "cores: 4 threads busy 98 %, most of it in tag (90 % of the stages' time); try flowrun tune, precision bf16 "
        "where the model has it, or a smaller model");
}

TEST_CASE("a decode takes the cores") {
  report r = on_cpu(4, 4);
  r.stages[0].busy_seconds = 34;
  CHECK(limit_of(r, {39, 0}) ==
        "cores: 4 threads busy 98 %, most of it in media (87 % of the stages' time); smaller pictures (--profile fast) "
        "or fewer frames (--every-nth) take less");
}

TEST_CASE("fewer threads than cores") {
  report r = on_cpu(34, 4);
  r.cpu = {16, 0.25, 0.05, 0};
  CHECK(limit_of(r, {39, 0}) ==
        "cores: 4 threads busy 98 %, most of it in tag (90 % of the stages' time); only 4 of 16 cores are used: try -j "
        "16");
}

TEST_CASE("a cgroup's quota stops the process") {
  report r = on_cpu(34, 4);
  r.cpu = {1.5, 1, 0, 6};
  CHECK(limit_of(r, {15, 0}) ==
        "cores: a cgroup's quota of 1.5 cores stopped the process in 60 % of the time: try -j 2, or a higher quota");
  r.cpu.cores = 4;
  CHECK(limit_of(r, {15, 0}) ==
        "cores: a cgroup's quota of 4.0 cores stopped the process in 60 % of the time: it takes a higher quota");
}

TEST_CASE("a network that runs fewer batches at once than there are threads") {
  CHECK(limit_of(on_cpu(9.7, 1), {15, 0}) ==
        "cores busy 37 %: the network of tag runs 1 batch at a time and is busy 97 % of it: try lanes 4, or flowrun "
        "tune");
  CHECK(limit_of(on_cpu(19, 2), {24, 0}) ==
        "cores busy 60 %: the network of tag runs 2 batches at a time and is busy 95 % of it: try lanes 4, or flowrun "
        "tune");
}

TEST_CASE("full batches, and half of the cores idle") {
  CHECK(limit_of(on_cpu(14, 4), {19, 0}) ==
        "cores busy 48 % with batches of 16 of 16 rows in tag: try flowrun tune, or smaller batches, of which more are "
        "under way at once");
}

TEST_CASE("a network that waits for rows is not what is slow") {
  report r = on_cpu(8, 4);
  r.stages[1].rowless_seconds = 6;
  CHECK(limit_of(r, {13, 0}) == "threads idle 68 % of the time; the sources list items slower than stages take them");
}
