#include "fixture.hpp"
#include "store/unfinished_files.hpp"

using namespace store_test;
using flowrun::status;

TEST_CASE("values come back in item order: sets by key, sequences by number") {
  scratch run;
  auto store = run_store::open(run.path, {kept("light", '1', {"photos"})});
  CHECK(store->journal_note().empty());
  std::vector<commit_unit> units;
  for (const char* key : {"b.jpg", "a.jpg", "B.jpg"}) units.push_back(unit_of("photos", key, {value_row(0, key)}));
  for (int seq : {10, 9, 2}) {
    commit_unit u = unit_of("photos", "clip.mp4#" + std::to_string(seq), {value_row(0, std::to_string(seq))});
    u.item.stream = "clip.mp4";
    u.item.seq = static_cast<std::uint64_t>(seq);
    units.push_back(u);
  }
  units.push_back(unit_of("photos", "skipped.jpg", {other_row(0, status::skip, "too small")}));
  units.push_back(unit_of("early", "z.jpg", {value_row(0, "")}));
  store->commit(units);
  std::string order;
  for (const table_row& row : store->read_table(0)) order += row.key + "=" + row.blob + " ";
  CHECK(order == "z.jpg= B.jpg=B.jpg a.jpg=a.jpg b.jpg=b.jpg clip.mp4#2=2 clip.mp4#9=9 clip.mp4#10=10 ");
  CHECK(number_in(run.path, "PRAGMA page_size") == 16384);
}

TEST_CASE("digests depend on values and their order of items, not on the order of commits") {
  auto digest = [](std::vector<commit_unit> units) {
    scratch run;
    auto store = run_store::open(run.path, {kept("light", '1', {"photos"})});
    store->commit(units);
    return store->table_digest(0);
  };
  commit_unit a = unit_of("photos", "a", {value_row(0, "1")}), b = unit_of("photos", "b", {value_row(0, "2")});
  commit_unit swapped_a = unit_of("photos", "a", {value_row(0, "2")});
  commit_unit swapped_b = unit_of("photos", "b", {value_row(0, "1")});
  CHECK(digest({a, b}).size() == 16);
  CHECK(digest({a, b}) == digest({b, a}));
  CHECK(digest({a, b}) != digest({swapped_a, swapped_b}));
  CHECK(digest({a, b}) != digest({a}));
}

TEST_CASE("a second write of an item is an error and writes nothing of its group") {
  scratch run;
  auto store = run_store::open(run.path, {kept("light", '1', {"photos"})});
  store->commit({unit_of("photos", "a", {value_row(0, "1")})});
  std::string error = error_of([&] {
    store->commit({unit_of("photos", "new", {value_row(0, "1")}), unit_of("photos", "a", {value_row(0, "2")})});
  });
  CHECK(error ==
        "70 item 'a' of source 'photos' was written twice: its source listed it twice, or this is a fault of flowrun");
  REQUIRE(store->read_table(0).size() == 1);
  CHECK(store->read_table(0)[0].blob == "1");
  // The names met in the undone group are written again.
  commit_unit again = unit_of("other", "new", {other_row(0, status::error, "why")});
  error = error_of([&] { store->commit({again, again}); });
  CHECK(contains(error, "written twice"));
  store->commit({again});
  CHECK(number_in(run.path, "SELECT count(*) FROM reasons") == 1);
  CHECK(number_in(run.path, "SELECT count(*) FROM sources") == 2);

  store->load_ledger();
  commit_unit known = unit_of("photos", "a", {value_row(0, "3")});
  known.known_id = store->find("photos", "", "a")->id;
  store->commit({known});
  CHECK(store->read_table(0)[0].blob == "3");
  CHECK(contains(error_of([&] { store->commit({known}); }), "70 item 'a'"));
  known.known_id = 999;
  CHECK(contains(error_of([&] { store->commit({known}); }), "has no row 999"));
}

TEST_CASE("gathers replace their values and know what they were made from") {
  scratch run;
  outcome each = kept("cluster", '2', {"photos"}), whole = kept("mean", '3', {"photos"});
  each.gathered = whole.gathered = true;
  whole.per_item = false;
  auto open = [&] { return run_store::open(run.path, {kept("light", '1', {"photos"}), each, whole}); };
  auto store = open();
  store->commit({unit_of("photos", "b", {value_row(0, "B")}), unit_of("photos", "a", {value_row(0, "A")})});
  CHECK(store->gathered_digest(1).empty());
  std::vector<std::int64_t> items;
  for (const table_row& row : store->read_table(0)) items.push_back(row.item);
  std::string input = store->table_digest(0);
  store->write_gathered(1, input, {value_row(1, "old"), value_row(1, "old")}, items);
  store->write_gathered(1, input, {value_row(1, "x"), other_row(1, status::skip, "alone")}, items);
  store->write_gathered(2, input, {value_row(2, "whole")}, {0});
  CHECK(store->gathered_digest(1) == input);
  REQUIRE(store->read_table(1).size() == 1);
  CHECK(store->read_table(1)[0].key == "a");
  CHECK(contains(error_of([&] { store->write_gathered(1, "", {value_row(1, "")}, {1, 2}); }), "one per item"));
  store.reset();
  store = open();
  CHECK(store->gathered_digest(1) == input);
  CHECK(store->gathered_digest(2) == input);
  store.reset();
  each.fingerprint = hash16('4');
  store = open();
  CHECK(store->gathered_digest(1).empty());
  CHECK(store->read_table(1).empty());
  CHECK(store->gathered_digest(2) == input);
}

TEST_CASE("other folders and databases are refused") {
  scratch run;
  std::ofstream(run.path / "thesis.tex") << "x";
  CHECK(error_of([&] { run_store::open(run.path, {}); }) ==
        "64 " + run.path.string() +
            " is not a run directory: it holds 'thesis.tex' but no run.db; choose another -o or empty it");
  fs::remove(run.path / "thesis.tex");
  {
    database other(run.path / "run.db", database::access::create);
    other.execute("CREATE TABLE t(x)", "test");
  }
  CHECK(contains(error_of([&] { run_store::open(run.path, {}); }), "64 " + run.path.string() + "/run.db is another"));
  fs::remove(run.path / "run.db");
  std::ofstream(run.path / "run.db") << std::string(5000, 'x');
  std::string error = error_of([&] { run_store::open(run.path, {}); });
  CHECK(contains(error, "74 "));
  CHECK(contains(error, "file is not a database; the file is damaged or another program's"));
  fs::remove(run.path / "run.db");
  std::ofstream(run.path / "run.db").close();  // killed while it was made
  run_store::open(run.path, {});
  {
    database ours(run.path / "run.db", database::access::existing);
    ours.execute("UPDATE meta SET value = '7' WHERE name = 'schema_version'", "test");
  }
  error = error_of([&] { run_store::open(run.path, {}); });
  CHECK(contains(error, "74 "));
  CHECK(contains(error, "has schema version 7, this flowrun reads version 2"));
}

TEST_CASE("without shared memory a rollback journal does, and says so") {
  scratch run;
  std::string note;
  for (int time = 0; time < 2; ++time) {
    auto store = run_store::open(run.path, {kept("light", '1', {"photos"})}, journal_mode::rollback);
    note = store->journal_note();
    store->commit({unit_of("photos", std::to_string(time), {value_row(0, "1")})});
    CHECK(store->read_table(0).size() == static_cast<std::size_t>(time + 1));
    CHECK_FALSE(fs::exists(run.path / "run.db-wal"));
  }
  CHECK(contains(note, "rollback journal"));
  run_store::open(run.path, {kept("light", '1', {"photos"})});  // moved to a local disk
  auto back = run_store::open(run.path, {kept("light", '1', {"photos"})}, journal_mode::rollback);
  CHECK(back->read_table(0).size() == 2);
}

TEST_CASE("unfinished files are removed, in all folders") {
  scratch run;
  fs::create_directories(run.path / "a/b");
  for (const char* name : {".x.1.0.flowrun-tmp", "a/b/.y.jpg.7.flowrun-tmp", "a/result.jpg"})
    std::ofstream(run.path / name) << "x";
  CHECK(remove_unfinished_files(run.path) == 2);
  CHECK(remove_unfinished_files(run.path) == 0);
  CHECK(fs::exists(run.path / "a/result.jpg"));
  CHECK(contains(error_of([&] { remove_unfinished_files(run.path / "none"); }), "74 "));
}
