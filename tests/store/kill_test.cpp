// kill -9 in the middle of commits: a unit is there with all its values or not at all.
#include <signal.h>

#include <chrono>
#include <thread>

#include "fixture.hpp"

using namespace store_test;

namespace {

constexpr int group = 50;

std::vector<outcome> two_outcomes() {
  return {kept("light", '1', {"photos"}), kept("face", '2', {"photos"})};
}

// Commits groups until it is killed, a byte to `fd` after each.
[[noreturn]] void commit_for_ever(const fs::path& run, int fd) {
  auto store = run_store::open(run, two_outcomes());
  store->load_ledger();
  auto next = static_cast<int>(store->read_table(0).size());
  while (true) {
    std::vector<commit_unit> units;
    for (int i = 0; i < group; ++i, ++next) {
      std::string key = std::to_string(next);
      if (store->find("photos", "", key)) ::_exit(2);
      units.push_back(unit_of("photos", key, {value_row(0, std::string(3000, 'a')), value_row(1, key)}));
    }
    store->commit(units);
    if (::write(fd, "x", 1) != 1) ::_exit(3);
  }
}

}  // namespace

TEST_CASE("kill -9 loses nothing that was committed and leaves nothing by halves") {
  scratch run;
  std::int64_t committed = 0;
  for (int kill = 0; kill < 5; ++kill) {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    pid_t child = ::fork();
    if (child == 0) commit_for_ever(run.path, ends[1]);
    ::close(ends[1]);
    char bytes[64];
    for (int read = 0; read < 3 + 4 * kill;) {
      ssize_t n = ::read(ends[0], bytes, 1);
      REQUIRE(n == 1);
      read += 1;
      committed += group;
    }
    std::this_thread::sleep_for(std::chrono::microseconds(700 * kill));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    for (ssize_t n = 0; (n = ::read(ends[0], bytes, sizeof bytes)) > 0;) committed += group * n;
    ::close(ends[0]);

    auto store = run_store::open(run.path, two_outcomes());
    auto found = static_cast<std::int64_t>(store->read_table(0).size());
    CHECK(found % group == 0);
    CHECK(found >= committed);
    CHECK(found <= committed + group);  // killed between COMMIT and its byte
    committed = found;
    CHECK(number_in(run.path, "SELECT count(*) FROM items") == found);
    CHECK(static_cast<std::int64_t>(store->read_table(1).size()) == found);
    database db(run.path / "run.db", database::access::existing);
    CHECK(db.read_text("PRAGMA integrity_check", "test") == "ok");
  }
}
