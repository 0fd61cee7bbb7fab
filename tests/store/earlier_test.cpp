// What a gather gave the last time.
#include "fixture.hpp"

using namespace store_test;

namespace {

struct other_light {
  double mean = 0;
  static void fields(flowrun::fields<other_light>& f) { f.field("mean", &other_light::mean); }
};

using values = std::vector<std::optional<std::string>>;

// A run directory with one gather of items, whose outcome may change from one opening to the next.
struct gathered_run {
  scratch run;
  outcome each = kept("cluster", '2', {"photos"});
  std::unique_ptr<run_store> store;
  std::vector<std::int64_t> items;

  gathered_run() {
    each.gathered = true;
    open();
    store->commit({unit_of("photos", "a", {value_row(0, "A")}), unit_of("photos", "b", {value_row(0, "B")})});
    for (const table_row& row : store->read_table(0)) items.push_back(row.item);
  }
  void open() {
    store.reset();
    store = run_store::open(run.path, {kept("light", '1', {"photos"}), each});
    store->load_ledger();
  }
  void write() {
    store->write_gathered(1, "digest", {value_row(1, "x"), other_row(1, flowrun::status::skip, "alone")}, items);
  }
};

}  // namespace

TEST_CASE("a gather finds what it gave, also under another fingerprint") {
  gathered_run g;
  CHECK(g.store->read_earlier(1, g.items) == values{std::nullopt, std::nullopt});
  g.write();
  CHECK(g.store->read_earlier(1, g.items) == values{"x", std::nullopt});
  CHECK(g.store->read_earlier(1, {g.items[1], g.items[0], 99}) == values{std::nullopt, "x", std::nullopt});
  g.each.fingerprint = hash16('4');
  g.open();
  CHECK(g.store->gathered_digest(1).empty());
  CHECK(g.store->read_earlier(1, g.items) == values{"x", std::nullopt});
}

TEST_CASE("what a gather gave of an item that changed since is no longer there") {
  gathered_run g;
  g.write();
  g.open();
  commit_unit changed = unit_of("photos", "a", {value_row(0, "A2")});
  changed.known_id = g.items[0];
  changed.item.size = 101;
  g.store->commit({changed});
  CHECK(g.store->read_earlier(1, g.items) == values{std::nullopt, std::nullopt});
}

TEST_CASE("answers of another type are not what a gather gave") {
  gathered_run g;
  g.write();
  SUBCASE("other fields") {
    g.each.type.fields = flowrun::codec<other_light>::describe();
  }
  SUBCASE("another name") {
    g.each.type.name = "test.cluster/2";
  }
  SUBCASE("one for each stream") {
    g.each.per_item = false;
    g.each.per_stream = true;
  }
  g.open();
  CHECK(g.store->read_earlier(1, g.items) == values{std::nullopt, std::nullopt});
}

TEST_CASE("a type whose fields are only told in other words is the same") {
  gathered_run g;
  g.write();
  g.each.type.fields.children[0].doc = "0 to 255";
  g.open();
  CHECK(g.store->read_earlier(1, g.items) == values{"x", std::nullopt});
}

TEST_CASE("what another stage of that name answered is not what the gather gave") {
  gathered_run g;
  g.write();
  g.each.gathered = false;
  g.open();
  g.each.gathered = true;
  g.open();
  CHECK(g.store->read_earlier(1, g.items) == values{std::nullopt, std::nullopt});
}
