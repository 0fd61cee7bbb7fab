#include "store/ledger.hpp"
#include "fixture.hpp"

using namespace store_test;
using flowrun::status;

namespace {

std::string current_keys(run_store& store, const std::string& source, const std::vector<std::string>& keys) {
  store.load_ledger();
  std::string current;
  for (const std::string& key : keys) {
    const ledger_entry* entry = store.find(source, "", key);
    if (entry && entry->current) current += key;
  }
  return current;
}

}  // namespace

TEST_CASE("resume: items are current if all that their source reaches is recorded under today's fingerprints") {
  scratch run;
  outcome light = kept("light", '1', {"photos", "scans"}), face = kept("face", '2', {"photos"});
  {
    auto store = run_store::open(run.path, {light, face});
    store->commit({unit_of("photos", "a", {value_row(0, "1"), value_row(1, "1")}),
                   unit_of("photos", "b", {value_row(0, "1"), other_row(1, status::skip, "no")}),
                   unit_of("photos", "c", {value_row(0, "1"), other_row(1, status::cancelled, "")}),
                   unit_of("scans", "s", {value_row(0, "1")})});
  }
  {
    auto store = run_store::open(run.path, {face, light});  // the order of stages means nothing
    store = nullptr;
    store = run_store::open(run.path, {light, face});
    CHECK(current_keys(*store, "photos", {"a", "b", "c", "d"}) == "ab");
    CHECK(current_keys(*store, "scans", {"s"}) == "s");
    const ledger_entry* a = store->find("photos", "", "a");
    CHECK(a->size == 100);
    CHECK(a->mtime_ns == 5);
    CHECK(a->status == item_status::done);
    CHECK(store->find("photos", "clip.mp4", "a") == nullptr);
    CHECK(store->find("nothing", "", "a") == nullptr);
  }
  outcome new_face = face;
  new_face.fingerprint = hash16('9');
  {
    auto store = run_store::open(run.path, {light, new_face});
    CHECK(current_keys(*store, "photos", {"a", "b", "c"}).empty());
    CHECK(current_keys(*store, "scans", {"s"}) == "s");
    CHECK(store->read_table(1).empty());  // values of the old one are not mixed in
    commit_unit a = unit_of("photos", "a", {value_row(0, "2"), value_row(1, "2")});
    a.known_id = store->find("photos", "", "a")->id;
    store->commit({a});
    CHECK(current_keys(*store, "photos", {"a", "b", "c"}) == "a");
    CHECK(store->read_table(1).size() == 1);
  }
  outcome relaid = light;
  relaid.type.fields.children.pop_back();  // a type whose author changed it and forgot its version
  auto store = run_store::open(run.path, {relaid, new_face});
  CHECK(current_keys(*store, "photos", {"a", "b", "c"}).empty());
}

TEST_CASE("values of an older content of an item do not come back with their stage") {
  scratch run;
  outcome light = kept("light", '1', {"photos"}), face = kept("face", '2', {"photos"});
  run_store::open(run.path, {light, face})
      ->commit({unit_of("photos", "a", {value_row(0, "1"), value_row(1, "1")}),
                unit_of("photos", "b", {value_row(0, "1"), value_row(1, "1")})});
  {
    auto store = run_store::open(run.path, {light});
    CHECK(current_keys(*store, "photos", {"a", "b"}) == "ab");
    commit_unit a = unit_of("photos", "a", {value_row(0, "2")});
    a.item.size = 101;
    a.known_id = store->find("photos", "", "a")->id;
    store->commit({a});
  }
  auto store = run_store::open(run.path, {light, face});
  CHECK(current_keys(*store, "photos", {"a", "b"}) == "b");
  CHECK(store->find("photos", "", "a")->size == 101);
  CHECK(store->read_table(1).size() == 1);
}

TEST_CASE("an item that failed at a stage no longer in the graph is run again") {
  scratch run;
  outcome light = kept("light", '1', {"photos"}), face = kept("face", '2', {"photos"});
  commit_unit failed = unit_of("photos", "a", {value_row(0, "1"), other_row(1, status::error, "bad")});
  failed.status = item_status::failed;
  run_store::open(run.path, {light, face})
      ->commit({failed, unit_of("photos", "b", {value_row(0, "1"), value_row(1, "")})});
  CHECK(current_keys(*run_store::open(run.path, {light, face}), "photos", {"a", "b"}) == "ab");
  CHECK(current_keys(*run_store::open(run.path, {light}), "photos", {"a", "b"}) == "b");
}

TEST_CASE("items that are no longer listed are gone, and come back") {
  scratch run;
  auto store = run_store::open(run.path, {kept("light", '1', {"photos", "scans"})});
  store->commit({unit_of("photos", "a", {value_row(0, "1")}), unit_of("photos", "b", {value_row(0, "1")}),
                 unit_of("scans", "s", {value_row(0, "1")})});
  store->load_ledger();
  store->mark_seen(*store->find("photos", "", "b"));
  CHECK(store->mark_missing("photos") == 1);
  auto table = store->read_table(0);
  REQUIRE(table.size() == 2);
  CHECK(table[0].key == "b");
  CHECK(table[1].key == "s");
  store->load_ledger();
  CHECK(store->find("photos", "", "a")->gone);
  store->mark_seen(*store->find("photos", "", "a"));
  store->mark_missing("photos");
  table = store->read_table(0);
  REQUIRE(table.size() == 2);
  CHECK(table[0].key == "a");
  // A changed one that comes back is written, which brings it back too.
  store->load_ledger();
  commit_unit b = unit_of("photos", "b", {value_row(0, "2")});
  b.known_id = store->find("photos", "", "b")->id;
  store->commit({b});
  CHECK(store->read_table(0).size() == 3);
}

TEST_CASE("the ledger finds every key among many, and no other") {
  ledger l;
  auto one = l.add_stream("photos", ""), two = l.add_stream("photos", "clip");
  const int n = 20000;
  for (int i = 0; i < n; ++i) {
    ledger_entry e;
    e.id = i + 1;
    l.add(i % 2 ? one : two, "folder/" + std::to_string(i), e);
  }
  l.make_index();
  int wrong = 0;
  for (int i = 0; i < n; ++i) {
    const ledger_entry* e = l.find("photos", i % 2 ? "" : "clip", "folder/" + std::to_string(i));
    if (!e || e->id != i + 1) ++wrong;
    if (l.find("photos", i % 2 ? "clip" : "", "folder/" + std::to_string(i))) ++wrong;
  }
  CHECK(wrong == 0);
}
