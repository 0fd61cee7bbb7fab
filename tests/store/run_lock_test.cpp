#include "store/run_lock.hpp"

#include <signal.h>

#include "fixture.hpp"

using namespace store_test;

TEST_CASE("a run directory belongs to one process at a time") {
  scratch folder;
  fs::path run = folder.path / "new/run";
  {
    run_lock mine(run);
    std::string error = in_child([&] { return error_of([&] { run_lock theirs(run); }); });
    char host[256] = {};
    ::gethostname(host, sizeof host - 1);
    CHECK(error == "74 " + run.string() + " is in use by process " + std::to_string(::getpid()) + " on " + host +
                       "; wait for it, or choose another run directory with -o");
    run_store::open(run, {});  // the lock file makes it a run directory
  }
  CHECK(in_child([&] { return error_of([&] { run_lock theirs(run); }); }) == "no error");
}

TEST_CASE("the lock of a killed process is free") {
  scratch run;
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  pid_t child = ::fork();
  if (child == 0) {
    run_lock theirs(run.path);
    if (::write(ends[1], "x", 1) == 1) ::pause();
    ::_exit(1);
  }
  char byte = 0;
  REQUIRE(::read(ends[0], &byte, 1) == 1);
  CHECK(contains(error_of([&] { run_lock mine(run.path); }), "in use by process " + std::to_string(child) + " on "));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  CHECK(error_of([&] { run_lock mine(run.path); }) == "no error");
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST_CASE("a folder of something else is not locked, nor touched") {
  scratch run;
  std::ofstream(run.path / "thesis.tex") << "x";
  CHECK(contains(error_of([&] { run_lock mine(run.path); }), "64 " + run.path.string() + " is not a run directory"));
  CHECK_FALSE(fs::exists(run.path / "run.lock"));
  std::ofstream(run.path / "run.lock") << "apt 12\n";
  CHECK(contains(error_of([&] { run_lock mine(run.path); }), "64 "));
  CHECK(contains(error_of([&] { run_lock mine(run.path / "thesis.tex"); }), "74 "));
}
