// Full disks, size limits and folders that cannot be written.
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>

#include <cerrno>
#include <cstring>

#include "fixture.hpp"
#include "store/exports.hpp"
#include "store/run_lock.hpp"

using namespace store_test;

namespace {

std::vector<outcome> light_only() {
  return {kept<std::string>("light", '1', {"photos"})};
}

std::vector<commit_unit> some_units(int first) {
  std::vector<commit_unit> units;
  for (int i = first; i < first + 20; ++i)
    units.push_back(unit_of("photos", std::to_string(i), {value_row(0, encoded(std::string(4000, 'v')))}));
  return units;
}

// Commits until it fails: how many units are in, and the error.
int commit_until_error(run_store& store, std::string& error) {
  int committed = 0;
  while (committed < 100000) {
    error = error_of([&] { store.commit(some_units(committed)); });
    if (error != "no error") break;
    committed += 20;
  }
  return committed;
}

std::string check_after(const fs::path& run, int committed, const std::string& error) {
  auto store = run_store::open(run, light_only());
  auto found = static_cast<int>(store->read_table(0).size());
  store->commit(some_units(committed));
  if (found != committed) return "lost: " + std::to_string(found) + " of " + std::to_string(committed);
  if (committed == 0) return "nothing was committed before: " + error;
  return error;
}

std::string fill_a_small_disk(const fs::path& run) {
  if (::unshare(CLONE_NEWNS) != 0 || ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
      ::mount("tmpfs", run.c_str(), "tmpfs", 0, "size=8m") != 0)
    return std::string("no mount: ") + std::strerror(errno);
  int committed = 0;
  std::string error;
  {
    run_lock lock(run);
    // The reserve that is freed to resume.
    std::ofstream(run / "reserve") << std::string(3u << 20, 'x');
    auto store = run_store::open(run, light_only());
    committed = commit_until_error(*store, error);
  }
  std::string still = error_of([&] { export_jsonl(run, run / "x.jsonl", {}); });
  fs::remove(run / "reserve");
  if (fs::exists(run / "x.jsonl") != (still == "no error")) return "half an export";
  return check_after(run, committed, error);
}

}  // namespace

TEST_CASE("a full disk: the error says so, what was committed is there, and it goes on with space") {
  scratch run;
  std::string said = in_child([&] { return fill_a_small_disk(run.path); });
  if (said.rfind("no mount", 0) == 0) {
    MESSAGE("SKIPPED: a full disk needs the right to mount a tmpfs: " << said);
    return;
  }
  CAPTURE(said);
  CHECK(said.rfind("74 ", 0) == 0);
  CHECK(contains(said, "full: free some space there, then resume"));
}

TEST_CASE("a limit on file sizes is told like a full disk") {
  scratch run;
  std::string said = in_child([&] {
    ::signal(SIGXFSZ, SIG_IGN);
    rlimit before{};
    ::getrlimit(RLIMIT_FSIZE, &before);
    rlimit small = before;
    small.rlim_cur = 600 << 10;
    int committed = 0;
    std::string error;
    {
      auto store = run_store::open(run.path, light_only());
      ::setrlimit(RLIMIT_FSIZE, &small);
      committed = commit_until_error(*store, error);
      ::setrlimit(RLIMIT_FSIZE, &before);
    }
    return check_after(run.path, committed, error);
  });
  CAPTURE(said);
  CHECK(said.rfind("74 ", 0) == 0);
  CHECK(contains(said, "size limit is full: free some space there, then resume"));
}

TEST_CASE("a folder that cannot be written: no run, but exports") {
  scratch folder;
  fs::path run = folder.path / "run", empty = folder.path / "empty";
  fs::create_directory(empty);
  {
    run_lock lock(run);
    run_store::open(run, light_only())->commit({unit_of("photos", "a", {value_row(0, encoded(std::string("v")))})});
  }
  for (const fs::path& path : {run / "run.db", run / "run.lock"}) fs::permissions(path, fs::perms(0444));
  for (const fs::path& path : {run, empty, folder.path}) fs::permissions(path, fs::perms(0555));
  std::string said = in_child([&] {
    if (::geteuid() == 0 && ::seteuid(65534) != 0) return std::string("seteuid");
    std::string text = error_of([&] { run_lock lock(run); }) + "\n";
    text += error_of([&] { run_lock lock(empty); }) + "\n";
    text += error_of([&] { run_lock lock(folder.path / "new"); }) + "\n";
    text += error_of([&] { run_store::open(run, light_only()); }) + "\n";
    text += error_of([&] { run_store::open(empty, light_only()); }) + "\n";
    int ends[2];
    char record[1000] = {};
    if (::pipe(ends) != 0) return std::string("pipe");
    export_jsonl(run, ends[1], {});
    return ::read(ends[0], record, sizeof record - 1) > 0 ? text + record : text;
  });
  for (const fs::path& path : {folder.path, empty, run}) fs::permissions(path, fs::perms(0755));
  std::istringstream lines(said);
  std::string line;
  std::getline(lines, line);
  CHECK(line == "74 " + (run / "run.lock").string() +
                    ": open: Permission denied; make the run directory writable for you, or choose another with -o");
  std::getline(lines, line);
  CHECK(line == "74 " + (empty / "run.lock").string() +
                    ": open: Permission denied; make the run directory writable for you, or choose another with -o");
  std::getline(lines, line);
  CHECK(line == "74 " + (folder.path / "new").string() +
                    " cannot be used as run directory: Permission denied; choose another with -o");
  std::getline(lines, line);
  CHECK(line.rfind("74 " + (run / "run.db").string(), 0) == 0);
  CHECK(contains(line, "writable"));
  std::getline(lines, line);
  CHECK(line.rfind("74 " + (empty / "run.db").string(), 0) == 0);
  CHECK(contains(line, "the folder must exist and be writable for you"));
  std::getline(lines, line);
  CHECK(contains(line, R"({"item":"a","source":"photos",)"));
  CHECK(number_in(run, "SELECT count(*) FROM items") == 1);
}
