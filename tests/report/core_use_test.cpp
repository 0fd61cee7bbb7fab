// The kernel's counters, from files of a test's own and from the machine's.
#include <doctest/doctest.h>

#include <chrono>
#include <filesystem>
#include <fstream>

#include <test_paths.hpp>

#include "report/core_use.hpp"

using namespace flowrun;
using namespace flowrun::core;

namespace {

struct made_proc {
  std::filesystem::path root = std::filesystem::path(test_paths::build) / "core_use_test";
  core_sources sources;
  made_proc() {
    std::filesystem::remove_all(root);
    std::filesystem::create_directories(root / "self");
    sources.proc = sources.cgroup = root;
    sources.cores = {0, 2};
  }
  void write(const char* file, const std::string& text) const { std::ofstream(root / file) << text; }
  // `ours` in ticks of 10 ms, half of it in the kernel.
  void write_self(int ours) const {
    write("self/stat", "17 (a name) with) R 1 1 1 0 -1 4194560 100 0 0 0 " + std::to_string(ours / 2) + " " +
                           std::to_string(ours / 2) + " 0 0 20 0\n");
  }
};

}  // namespace

TEST_CASE("the process, and all of the cores it may use") {
  const made_proc proc;
  proc.write_self(600);
  proc.write("stat",
             "cpu  9 9 9 9 9 9 9 9 0 0\ncpu0 100 20 30 5000 40 5 6 7 0 0\ncpu1 9000 0 0 0 0 0 0 0 0 0\n"
             "cpu2 200 0 0 100 0 0 0 0 50 0\nintr 1 2 3\n");
  const core_reading r = read_cores(proc.sources);
  CHECK(r.cores == 2);
  CHECK(r.ours == doctest::Approx(6));
  CHECK(r.known);
  CHECK(r.taken == doctest::Approx(1.68 + 2));  // without idle and iowait; guests are in user already
}

TEST_CASE("with a quota the cgroup is asked") {
  made_proc proc;
  proc.sources.quota = 1.5;
  proc.write_self(600);
  proc.write("cpu.stat", "usage_usec 7000000\nuser_usec 5000000\nnr_throttled 4\nthrottled_usec 2500000\n");
  const core_reading r = read_cores(proc.sources);
  CHECK(r.cores == 1.5);
  CHECK(r.taken == doctest::Approx(7));
  CHECK(r.throttled == doctest::Approx(2.5));
  CHECK(r.known);
}

TEST_CASE("what the kernel does not tell is not made up") {
  const made_proc proc;
  const core_reading r = read_cores(proc.sources);
  CHECK_FALSE(r.known);
  CHECK(r.ours == 0);
  CHECK(share_cores({0, 2, 0, 0, 0, false}, {10, 2, 4, 0, 0, false}).others == 0);
}

TEST_CASE("shares between two readings") {
  const cpu_report c = share_cores({100, 2, 5, 50, 1, true}, {110, 2, 17, 67, 3, true});
  CHECK(c.cores == 2);
  CHECK(c.own == doctest::Approx(0.6));
  CHECK(c.others == doctest::Approx(0.25));
  CHECK(c.throttled_seconds == doctest::Approx(2));
  // Counters of different coarseness.
  const cpu_report odd = share_cores({100, 2, 5, 50, 0, true}, {110, 2, 26, 69, 0, true});
  CHECK(odd.own == 1);
  CHECK(odd.others == 0);
  CHECK(share_cores({100, 2, 5, 50, 0, true}, {}).own == 0);
}

TEST_CASE("this machine tells both") {
  const core_sources here = find_core_sources();
  // The kernel counts in steps of 10 ms.
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (read_cores(here).ours == 0 && std::chrono::steady_clock::now() < end) {}
  const core_reading r = read_cores(here);
  CHECK(r.cores > 0);
  CHECK(r.ours > 0);
}
