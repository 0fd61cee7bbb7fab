// A million items leave no trace in memory: what is finished is gone.
#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <flowrun/run.hpp>
#include <fstream>
#include <test_paths.hpp>
#include <thread>

namespace {

std::int64_t resident_bytes() {
  std::int64_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages >> pages;
  return pages * sysconf(_SC_PAGESIZE);
}

}  // namespace

TEST_CASE("1,000,000 small items before a slow sink, store on: memory stays where it was after 5 %") {
  constexpr std::uint64_t items = 1000000;
  std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("flowrun-steady-" + std::to_string(getpid()));
  flowrun::engine_options where;
  where.plugin_folders = {std::filesystem::path(test_paths::build) / "test_plugins"};
  flowrun::graph g = flowrun::engine(where).load_text(
      "flowrun: 1\nstages:\n  n: {use: counter.numbers, params: {count: " + std::to_string(items) +
          "}}\n  s: {use: counter.slow, in: n, params: {us: 20}}\nkeep: [n]\n",
      "steady.yaml");
  for (const flowrun::problem& p : g.problems()) FAIL(flowrun::to_text(p));
  flowrun::run_options options;
  options.out = folder.string();
  flowrun::run run(g, options);
  flowrun::report r;
  std::thread runner([&] { r = run.execute(); });
  std::int64_t early = 0, most = 0;
  while (std::string(run.now().phase) != "ended") {
    std::uint64_t done = run.now().done;
    std::int64_t now = resident_bytes();
    if (done < items / 20)
      early = std::max(early, now);
    else
      most = std::max(most, now);
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  runner.join();
  std::filesystem::remove_all(folder);
  REQUIRE(r.message == "");
  CHECK(r.done == items);
  REQUIRE(most > 0);
  MESSAGE((early / 1048576) << " MiB in the first 5 %, at most " << (most / 1048576) << " MiB after, " << r.seconds
                            << " s");
  CHECK(static_cast<double>(most) <= static_cast<double>(early) * 1.02 + 8 * 1048576.0);
}
