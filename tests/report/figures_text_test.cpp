// The summary's lines about batches, devices and cores.
#include <doctest/doctest.h>

#include "made_report.hpp"
#include "report/figures_text.hpp"

using namespace flowrun;
using namespace flowrun::core;

TEST_CASE("batches") {
  stage_report s = made_report().stages[1];
  CHECK(batches_text(made_report().stages[0]) == "");
  CHECK(batches_text(s) == "tag: 1600 rows in 100 batches, 16.0 of 16 rows each, 90.00 ms a batch, 2 of 2 slots\n");
  s.batch_eighths = {1, 0, 0, 2, 0, 0, 3, 94};
  s.wait_seconds = 1.25;
  s.out_of_memory = 2;
  s.row_ceiling = 8;
  s.copy_in_seconds = 0.5;
  s.copy_out_seconds = 0.125;
  s.reserved_bytes = 3000 * mib;
  CHECK(batches_text(s) ==
        "tag: 1600 rows in 100 batches, 16.0 of 16 rows each, 90.00 ms a batch, 2 of 2 slots; out of memory 2 times, "
        "now at most 8 rows\n"
        "  batches by eighths of 16 rows: 1 0 0 2 0 0 3 94; waited 1.25 s for a slot or memory; 0.50 s without rows\n"
        "  copied 0.50 s to the device and 0.12 s back\n"
        "  its network held at most 3000 MiB of the device\n");
  s.device = "cpu";
  const std::string told = batches_text(s);
  CHECK(told.substr(told.rfind("  its")) == "  its network held at most 3000 MiB of memory\n");
}

TEST_CASE("a card, one that does not tell how busy it is, and a simulated device") {
  device_report d = made_report().devices[0];
  d.used = 1200 * mib;
  d.others = 900 * mib;
  CHECK(device_text(d) ==
        "device cuda:0 (NVIDIA GeForce RTX 5080): GPU busy 45 %, batches ran 90 % of the time and took 2000 of 13000 "
        "MiB\n  memory: 1200 MiB at the end, at most 3000 of 16303; budget 14255; others at most 900\n");
  d.gpu_busy = -1;
  CHECK(device_text(d) ==
        "device cuda:0 (NVIDIA GeForce RTX 5080): busy 90 % of the time, batches took 2000 of 13000 MiB\n"
        "  memory: 1200 MiB at the end, at most 3000 of 16303; budget 14255; others at most 900\n");
  d.card = "";
  d.name = "sim:16GiB";
  d.samples = 0;
  CHECK(device_text(d) == "device sim:16GiB: busy 90 % of the time, batches took 2000 of 13000 MiB\n");
  d.peak = 14000 * mib;
  CHECK(device_text(d) ==
        "device sim:16GiB: busy 90 % of the time, batches took 14000 of 13000 MiB; weights that were given back made "
        "room for more\n");
}

TEST_CASE("cores") {
  CHECK(cores_text({}) == "");
  CHECK(cores_text({4, 0.97, 0.02, 0}) == "cores: 4, busy 97 % with this run, 2 % with others\n");
  CHECK(cores_text({1.5, 0.5, 0, 2}) ==
        "cores: a quota of 1.5, busy 50 % with this run, 0 % with others; stopped by the quota for 2.00 s\n");
}
