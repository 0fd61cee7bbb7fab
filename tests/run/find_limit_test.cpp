#include <doctest/doctest.h>

#include "report/find_limit.hpp"

using flowrun::report;
using flowrun::stage_report;
using flowrun::core::find_limit;

static stage_report worked(const char* name, const char* use, double seconds, int parallel) {
  stage_report s;
  s.name = name;
  s.use = use;
  s.calls = s.values = 100;
  s.busy_seconds = seconds;
  s.parallel = s.peak_parallel = parallel;
  return s;
}

static report busy(double media, double light, int light_parallel = 4) {
  report r;
  r.seconds = 10;
  r.threads = 4;
  r.in_flight = 64;
  r.peak_in_flight = 40;
  r.ram = 512u << 20;
  r.stages = {worked("media", "media.files", media, 4), worked("light", "lighting.analyze", light, light_parallel)};
  return r;
}

static std::string limit_of(report r, flowrun::core::process_time spent, std::uint64_t withheld = 0) {
  find_limit(r, spent, withheld);
  return r.limit;
}

TEST_CASE("the limit is named with the stage that takes most of it") {
  CHECK(limit_of(busy(30, 9), {39, 0}) == "cores: 4 threads busy 98 %, most of it in media (77 % of the stages' time)");
}
TEST_CASE("time that was neither work nor a wait for a core was a wait for something else") {
  CHECK(limit_of(busy(30, 9), {10, 1}) ==
        "waiting: stages wait 72 % of their time for something else than a core, such as a disk; most of it in media "
        "(77 % of the stages' time); with more threads (-j) more of them wait at once");
}
TEST_CASE("other processes that take the cores are not taken for a slow disk") {
  CHECK(limit_of(busy(30, 9), {19, 20}) ==
        "cores, taken by other processes 51 % of the time; most of ours in media (77 % of the stages' time)");
}
TEST_CASE("a stage that may not use more cores is named") {
  CHECK(limit_of(busy(3, 9.9, 1), {13, 0}) ==
        "stage light: it runs 1 at a time and is busy 99 %; a serial or ordered stage cannot use more cores");
  CHECK(limit_of(busy(3, 19.8, 2), {23, 0}) ==
        "stage light: it runs 2 at a time and is busy 99 %; raise its 'parallel'");
}
TEST_CASE("memory that holds sources back is named") {
  CHECK(limit_of(busy(10, 5), {15, 0}, 40) == "memory: sources waited 40 times for run.ram (512 MiB); raise it");
}
TEST_CASE("idle threads: too few items in flight, or sources that list too slowly") {
  CHECK(limit_of(busy(10, 5), {15, 0}) ==
        "threads idle 63 % of the time; the sources list items slower than stages take them");
  report full = busy(10, 5);
  full.peak_in_flight = 64;
  CHECK(limit_of(full, {15, 0}) == "threads idle 63 % of the time; in_flight (64) was reached: raise it");
}
TEST_CASE("nothing is claimed of a run too short to tell") {
  report r = busy(0.01, 0.01);
  r.seconds = 0.01;
  CHECK(limit_of(r, {0.02, 0}) == "");
}
