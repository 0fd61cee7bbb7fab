// What a run says of a GPU that could do more: a case for each rule.
#include <doctest/doctest.h>

#include "made_report.hpp"

using namespace flowrun;
using namespace flowrun::core;

namespace {

// The GPU waits for media 64 % of the time.
report waiting() {
  report r = made_report();
  r.devices[0].gpu_busy = 0.31;
  r.devices[0].busy = 0.36;
  r.stages[1].rowless_seconds = 6.4;
  return r;
}

}  // namespace

TEST_CASE("batches are full and the GPU is not: larger ones") {
  CHECK(limit_of(made_report()) == "GPU busy 45 % with batches of 16 of 16 rows in tag: try flowrun tune, or batch 32");
}

TEST_CASE("larger batches that do not fit are not proposed") {
  report r = made_report();
  r.devices[0].peak = 7000 * mib;
  CHECK(limit_of(r) ==
        "GPU busy 45 % with batches of 16 of 16 rows in tag: larger ones do not fit the 13000 MiB for batches: try "
        "precision fp16 or a smaller model");
  r.devices[0].others = 4000 * mib;
  CHECK(limit_of(r) ==
        "GPU busy 45 % with batches of 16 of 16 rows in tag: larger ones do not fit the 13000 MiB for batches: try "
        "precision fp16 or a smaller model, or end the other programs that hold 4000 MiB of the device");
}

TEST_CASE("it waits for rows: the stage that takes longest before it is named") {
  CHECK(limit_of(waiting()) ==
        "GPU busy 31 %, waited for media (decode) 64 % of the time: try more threads (-j), a smaller picture size "
        "(--profile fast), or fewer frames (--every-nth)");
}

TEST_CASE("it waits, and the threads are all busy: more of them only where there are cores") {
  report r = waiting();
  r.stages[0].busy_seconds = 37;
  CHECK(limit_of(r, {38, 0}) ==
        "GPU busy 31 %, waited for media (decode) 64 % of the time: all 4 threads are busy: try a smaller picture size "
        "(--profile fast), fewer frames (--every-nth), or more cores");
  r.cpu.cores = 16;
  CHECK(limit_of(r, {38, 0}) ==
        "GPU busy 31 %, waited for media (decode) 64 % of the time: try more threads (-j 16), a smaller picture size "
        "(--profile fast), or fewer frames (--every-nth)");
  CHECK(limit_of(r, {19, 19}) ==
        "GPU busy 31 %, waited for media (decode) 64 % of the time: other processes take the cores 49 % of the time");
}

TEST_CASE("it waits for a disk") {
  report r = waiting();
  r.stages[0].busy_seconds = 37;
  CHECK(limit_of(r, {10, 0}) ==
        "GPU busy 31 %, waited for media (decode) 64 % of the time: media waits 74 % of its time for something else "
        "than a core, such as a disk: try more threads (-j), or a faster disk");
}

TEST_CASE("it waits for a stage that may not run more at once") {
  report r = waiting();
  r.stages[0].parallel = 1;
  r.stages[0].busy_seconds = 9.5;
  CHECK(limit_of(r, {11, 0}) ==
        "GPU busy 31 %, waited for media (decode) 64 % of the time: media works on one item at a time, whatever the "
        "threads: try smaller pictures (--profile fast) or fewer frames (--every-nth)");
  r.stages[0].parallel = 2;
  r.stages[0].busy_seconds = 19;
  CHECK(limit_of(r, {20, 0}) ==
        "GPU busy 31 %, waited for media (decode) 64 % of the time: media runs 2 at a time: raise its 'lanes'");
  r.stages[0].shape = "transform";
  r.stages[0].name = "faces";
  r.stages[0].use = "faces.crop";
  CHECK(limit_of(r, {20, 0}) ==
        "GPU busy 31 %, waited for faces (faces.crop) 64 % of the time: faces runs 2 at a time: raise its 'parallel'");
}

TEST_CASE("it waits because memory or in_flight keep sources back") {
  report r = waiting();
  CHECK(limit_of(r, {14, 0}, 40) ==
        "GPU busy 31 %, waited for media (decode) 64 % of the time: sources waited 40 times for run.ram (512 MiB): "
        "raise it");
  r.peak_in_flight = 64;
  CHECK(limit_of(r) ==
        "GPU busy 31 %, waited for media (decode) 64 % of the time: in_flight (64) was reached: raise it");
}

TEST_CASE("it waits for its own rows to be prepared") {
  report r = waiting();
  r.stages[1].busy_seconds = 13;
  CHECK(limit_of(r, {25, 0}) ==
        "GPU busy 31 %, waited for tag (prepare and finish) 64 % of the time: try more threads (-j), a smaller picture "
        "size (--profile fast), or fewer frames (--every-nth)");
}

TEST_CASE("of two models on one card, it waits when neither has rows") {
  report r = waiting();
  stage_report other = r.stages[1];
  other.name = "embed";
  other.session_seconds = 1;
  other.rowless_seconds = 0.5;
  r.stages.push_back(other);
  CHECK(limit_of(r) == "GPU busy 31 % with batches of 16 of 16 rows in tag: try flowrun tune, or batch 32");
}

TEST_CASE("its memory ran out") {
  report r = made_report();
  r.stages[1].out_of_memory = 3;
  r.stages[1].row_ceiling = 8;
  CHECK(limit_of(r) ==
        "GPU busy 45 %, and its memory ran out 3 times in tag: try batch 8 instead of 16, precision fp16, or a smaller "
        "model");
}

TEST_CASE("copies take the time") {
  report r = made_report();
  r.stages[1].copy_in_seconds = 4;
  r.stages[1].copy_out_seconds = 0.5;
  CHECK(limit_of(r) ==
        "GPU busy 45 %, copies to and from it are 50 % of the time of tag: try pin: true, or precision fp16");
}

TEST_CASE("batches go before they are full") {
  report r = made_report();
  r.stages[1].rows = 500;
  CHECK(limit_of(r) ==
        "GPU busy 45 % with batches of 5 of 16 rows in tag: rows come too slowly from media (decode); try more threads "
        "(-j), a smaller picture size (--profile fast), or fewer frames (--every-nth)");
  r.peak_in_flight = 64;
  CHECK(limit_of(r) ==
        "GPU busy 45 % with batches of 5 of 16 rows in tag: rows come too slowly from media (decode); in_flight (64) "
        "was reached: raise it");
}

TEST_CASE("a GPU that is busy is what limits the run") {
  report r = made_report();
  r.devices[0].gpu_busy = 0.93;
  CHECK(limit_of(r) == "device cuda:0: busy 93 % of the time, most of it in tag (batches of 16 rows)");
  r.devices[0].gpu_busy = -1;  // the driver does not tell: batches ran 90 % of the time
  CHECK(limit_of(r) == "device cuda:0: busy 90 % of the time, most of it in tag (batches of 16 rows)");
}

TEST_CASE("several cards, and a simulated one") {
  report r = made_report();
  device_report second = r.devices[0];
  second.name = "cuda:1";
  r.devices.push_back(second);
  CHECK(limit_of(r) == "GPU cuda:0 busy 45 % with batches of 16 of 16 rows in tag: try flowrun tune, or batch 32");
  r = waiting();
  r.devices[0].name = r.stages[1].device = "sim:16GiB";
  r.devices[0].card = "";
  CHECK(limit_of(r) ==
        "device sim:16GiB busy 36 %, waited for media (decode) 64 % of the time: try more threads (-j), a smaller "
        "picture size (--profile fast), or fewer frames (--every-nth)");
}
