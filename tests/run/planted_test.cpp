// Plants one bug at a time into the runtime's seams; the random graphs must find each within a minute. Shows that the
// property test can fail, and for which faults.
#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "random_graph.hpp"
#include "run/seam.hpp"

using namespace flowrun::core;

namespace {

constexpr int found_by_check = 42;
constexpr unsigned longest_graph = 10;  // seconds; a graph takes milliseconds

// In a child of its own: a planted bug may crash or hang, and both count as found.
std::string hunt(planted_bug bug, std::chrono::seconds limit) {
  pid_t child = fork();
  if (child == 0) {
    // A crash is expected here and shall not be told as one of this program's.
    for (int s : {SIGSEGV, SIGABRT, SIGBUS}) signal(s, SIG_DFL);
    freopen("/dev/null", "w", stderr);
    plant(bug);
    auto until = std::chrono::steady_clock::now() + limit;
    for (std::uint64_t seed = 1; std::chrono::steady_clock::now() < until; ++seed) {
      alarm(longest_graph);
      if (!run_random_graph(seed, 120).fault.empty()) _exit(found_by_check);
    }
    _exit(0);
  }
  int ended = 0;
  waitpid(child, &ended, 0);
  if (WIFEXITED(ended) && WEXITSTATUS(ended) == 0) return "not found";
  if (WIFEXITED(ended) && WEXITSTATUS(ended) == found_by_check) return "found by a check";
  if (WIFSIGNALED(ended) && WTERMSIG(ended) == SIGALRM) return "found as a hang";
  return "found as a crash";
}

void must_be_found(planted_bug bug) {
  auto begin = std::chrono::steady_clock::now();
  std::string how = hunt(bug, std::chrono::seconds(60));
  std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  MESSAGE(how << " after " << took.count() << " s");
  CHECK(how != "not found");
}

}  // namespace

TEST_CASE("planted: a message given up before its item holds its ticket") {
  must_be_found(planted_bug::drop_before_hold);
}
TEST_CASE("planted: a serial body without a unit of its own") {
  must_be_found(planted_bug::no_unit_while_draining);
}
TEST_CASE("planted: a place given while its item is still live") {
  must_be_found(planted_bug::place_before_live);
}
TEST_CASE("planted: a join that does not wait for its last input") {
  must_be_found(planted_bug::join_passes_early);
}
TEST_CASE("planted: two places read one sequence") {
  must_be_found(planted_bug::sequence_never_busy);
}
TEST_CASE("planted: an item without a value breaks a window's pairs") {
  must_be_found(planted_bug::skips_become_previous);
}
TEST_CASE("planted: a value released by its first reader") {
  must_be_found(planted_bug::release_before_read);
}

TEST_CASE("planted: an owed place that never comes back") {
  must_be_found(planted_bug::place_lost);
}

TEST_CASE("planted: a batch's slot that is not given back") {
  must_be_found(planted_bug::slot_lost);
}
TEST_CASE("planted: rows of a failed prepare that still count as its item's") {
  must_be_found(planted_bug::holes_are_rows);
}
TEST_CASE("planted: an item sent to finish before it counts as moving") {
  must_be_found(planted_bug::send_before_unpark);
}
TEST_CASE("planted: batches that pass without a slot") {
  must_be_found(planted_bug::no_limiter);
}

TEST_CASE("planted: rows of several shapes in one batch") {
  must_be_found(planted_bug::shapes_mixed);
}
TEST_CASE("planted: what an earlier row left beside a smaller one") {
  must_be_found(planted_bug::padding_left);
}

TEST_CASE("nothing planted, nothing found") {
  CHECK(hunt(planted_bug::none, std::chrono::seconds(5)) == "not found");
}
