// What is written to report.json is what is read from it.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include <test_paths.hpp>

#include "made_report.hpp"

using namespace flowrun;
using namespace flowrun::core;

TEST_CASE("the figures survive report.json, and a report without them is read") {
  report r = made_report();
  r.stages[1].batch_eighths = {1, 0, 0, 2, 0, 0, 3, 94};
  r.stages[1].copy_in_seconds = 0.5;
  r.stages[1].copy_out_seconds = 0.125;
  r.stages[1].reserved_bytes = 3000 * mib;
  r.devices[0].others = 900 * mib;
  r.cpu = {1.5, 0.5, 0.25, 2};
  r.read = 1600;
  r.done = 1600;
  const auto folder = std::filesystem::path(test_paths::build) / "report_json_test";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "report.json") << to_json(r);
  CHECK(to_json(read_report(folder.string())) == to_json(r));
  CHECK(to_text(read_report(folder.string())) == to_text(r));
  std::ofstream(folder / "report.json") << R"({"read": 1, "done": 1, "devices": [{"name": "sim:1GiB", "busy": 0.5}],
                                             "stages": [{"name": "a", "batches": 1, "rows": 4}]})";
  const report old = read_report(folder.string());
  CHECK(old.devices[0].gpu_busy == -1);
  CHECK(old.devices[0].samples == 0);
  CHECK(old.stages[0].batch_eighths.empty());
  CHECK(old.cpu.cores == 0);
}
