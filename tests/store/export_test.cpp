#include <fcntl.h>
#include <sys/stat.h>

#include <csignal>

#include "fixture.hpp"
#include "store/errors.hpp"
#include "store/exports.hpp"

using namespace store_test;
using flowrun::status;

namespace {

std::vector<outcome> all_outcomes() {
  outcome light_value = kept("light", '1', {"photos", "clips"}), face = kept("face", '2', {"photos"});
  outcome sink, cluster = kept("cluster", '4', {"photos"}), mean = kept<double>("mean", '5', {"photos"});
  sink.stage = sink.label = "write";
  sink.fingerprint = hash16('3');
  sink.sources = {"photos"};
  cluster.gathered = mean.gathered = true;
  mean.per_item = false;
  return {light_value, face, sink, cluster, mean};
}

std::vector<commit_unit> all_units() {
  std::vector<commit_unit> units;
  std::string one = encoded(light{12.5f, std::nullopt, {"dim"}}), two = encoded(light{0.1f, -7, {}});
  units.push_back(unit_of("photos", "b\xff%.jpg", {value_row(0, one), value_row(1, two), value_row(2, "")}));
  units.push_back(
      unit_of("photos", "a.jpg",
              {value_row(0, two), other_row(1, status::skip, "no face"), other_row(2, status::skip, "no face")}));
  commit_unit failed =
      unit_of("photos", "c.jpg",
              {value_row(0, one), other_row(1, status::error, "ends \"early\""), other_row(2, status::error, "disk")});
  failed.status = item_status::failed;
  failed.reason = "ends \"early\"";
  failed.error_stage = "face";
  units.push_back(failed);
  commit_unit skipped = unit_of("photos", "d.jpg",
                                {other_row(0, status::skip, "too small"), other_row(1, status::skip, "too small"),
                                 other_row(2, status::skip, "too small")});
  skipped.status = item_status::skipped;
  skipped.reason = "too small";
  units.push_back(skipped);
  for (int seq : {11, 3}) {
    commit_unit frame = unit_of("clips", "x.mp4#" + std::to_string(seq), {value_row(0, one)});
    frame.item.stream = "x.mp4";
    frame.item.seq = static_cast<std::uint64_t>(seq);
    frame.item.time_ns = 1000 * seq;
    units.push_back(frame);
  }
  return units;
}

void fill(const fs::path& run, const std::vector<commit_unit>& units) {
  auto store = run_store::open(run, all_outcomes());
  for (const commit_unit& unit : units) store->commit({unit});
  std::vector<std::int64_t> items;
  std::vector<outcome_row> values;
  for (const table_row& row : store->read_table(0)) {
    if (row.key.rfind("x.mp4", 0) == 0) continue;
    items.push_back(row.item);
    values.push_back(row.key == "a.jpg" ? value_row(3, encoded(light{})) : other_row(3, status::skip, "alone"));
  }
  store->write_gathered(3, "d", values, items);
  store->write_gathered(4, "d", {value_row(4, encoded(0.25))}, {0});
}

constexpr auto expected =
    R"({"item":"x.mp4#3","source":"clips","stream":"x.mp4","seq":3,"time_ns":3000,"status":"done","values":{"light":{"mean":12.5,"angle":null,"tags":["dim"]}}}
{"item":"x.mp4#11","source":"clips","stream":"x.mp4","seq":11,"time_ns":11000,"status":"done","values":{"light":{"mean":12.5,"angle":null,"tags":["dim"]}}}
{"item":"a.jpg","source":"photos","stream":null,"seq":0,"time_ns":0,"status":"done","values":{"light":{"mean":0.1,"angle":-7,"tags":[]},"cluster":{"mean":0,"angle":null,"tags":[]}},"skipped":{"face":"no face","write":"no face"}}
{"item":"b%FF%25.jpg","source":"photos","stream":null,"seq":1,"time_ns":0,"status":"done","values":{"light":{"mean":12.5,"angle":null,"tags":["dim"]},"face":{"mean":0.1,"angle":-7,"tags":[]}},"skipped":{"cluster":"alone"}}
{"item":"c.jpg","source":"photos","stream":null,"seq":2,"time_ns":0,"status":"failed","reason":"ends \"early\"","error_stage":"face","values":{"light":{"mean":12.5,"angle":null,"tags":["dim"]}},"skipped":{"cluster":"alone"},"errors":{"write":"disk"}}
{"item":"d.jpg","source":"photos","stream":null,"seq":3,"time_ns":0,"status":"skipped","reason":"too small","values":{}}
{"run":{"mean":0.25}}
)";

std::string canonical_text(const fs::path& run) {
  export_options options;
  options.canonical = true;
  export_jsonl(run, run / "out.jsonl", options);
  return text_of(run / "out.jsonl");
}

}  // namespace

TEST_CASE("an export, line by line") {
  scratch run;
  fill(run.path, all_units());
  CHECK(export_jsonl(run.path, run.path / "results.jsonl", {}) == 6);
  CHECK(text_of(run.path / "results.jsonl") == expected);
  for (const auto& entry : fs::directory_iterator(run.path))
    CHECK_FALSE(contains(entry.path().filename().string(), "flowrun-tmp"));
  int fd = ::open((run.path / "by_fd").c_str(), O_WRONLY | O_CREAT, 0666);
  CHECK(export_jsonl(run.path, fd, {}) == 6);
  ::close(fd);
  CHECK(text_of(run.path / "by_fd") == expected);
}

TEST_CASE("a canonical export has sorted keys and does not depend on the order of commits") {
  scratch one, two;
  std::vector<commit_unit> units = all_units();
  fill(one.path, units);
  std::vector<commit_unit> reversed(units.rbegin(), units.rend());
  for (commit_unit& unit : reversed) unit.item.mtime_ns = 77;
  fill(two.path, reversed);
  std::string text = canonical_text(one.path);
  CHECK(text == canonical_text(two.path));
  CHECK(contains(text,
                 R"({"error_stage":"face","errors":{"write":"disk"},"item":"c.jpg","reason":"ends \"early\"","seq":2,)"
                 R"("skipped":{"cluster":"alone"},"source":"photos","status":"failed","stream":null,"time_ns":0,)"
                 R"("values":{"light":{"angle":null,"mean":12.5,"tags":["dim"]}}})"
                 "\n"));
}

TEST_CASE("gone items, unused outcomes and answers of an earlier graph stay out of exports") {
  scratch run;
  fill(run.path, all_units());
  std::vector<outcome> outcomes = all_outcomes();
  outcomes.erase(outcomes.begin() + 1);  // face
  {
    auto store = run_store::open(run.path, outcomes);
    store->load_ledger();
    for (const char* key : {"a.jpg", "d.jpg"}) store->mark_seen(*store->find("photos", "", key));
    store->mark_missing("photos");
  }
  std::string text = canonical_text(run.path);
  CHECK_FALSE(contains(text, "\"face\""));
  CHECK_FALSE(contains(text, "c.jpg"));
  CHECK(contains(text, R"("item":"d.jpg","reason":"too small","seq":1,)"));
  item_counts counts = count_items(run.path);
  CHECK(counts.done == 3);
  CHECK(counts.skipped == 1);
  CHECK(counts.failed == 0);
  CHECK(counts.gone == 2);
  outcomes[0].fingerprint = hash16('8');  // of light
  auto store = run_store::open(run.path, outcomes);
  CHECK(canonical_text(run.path) == "{\"run\":{\"mean\":0.25}}\n");
}

TEST_CASE("failed items with their stage and reason") {
  scratch run;
  fill(run.path, all_units());
  auto failed = failed_items(run.path);
  REQUIRE(failed.size() == 1);
  CHECK(failed[0].key == "c.jpg");
  CHECK(failed[0].source == "photos");
  CHECK(failed[0].stage == "face");
  CHECK(failed[0].reason == "ends \"early\"");
}

TEST_CASE("exports that cannot be written leave nothing and say why") {
  scratch run;
  fill(run.path, all_units());
  CHECK(error_of([&] { export_jsonl(run.path, run.path / "none/x.jsonl", {}); }) ==
        "74 " + run.path.string() + "/none/x.jsonl: create: No such file or directory; its folder must exist");
  CHECK(contains(error_of([&] { export_jsonl(run.path / "none", run.path / "x", {}); }), "64 "));
  CHECK_FALSE(fs::exists(run.path / "x"));
  int full = ::open("/dev/full", O_WRONLY);
  if (full >= 0) {
    CHECK(contains(error_of([&] { export_jsonl(run.path, full, {}); }), "74 the output: write: No space left"));
    ::close(full);
  }
  CHECK(in_child([&] {
          std::signal(SIGPIPE, SIG_IGN);
          int ends[2];
          if (::pipe(ends) != 0) return std::string("pipe");
          ::close(ends[0]);
          return error_of([&] { export_jsonl(run.path, ends[1], {}); });
        }) == "74 the output: its reader closed it before all records were written");
  {
    database damaged(run.path / "run.db", database::access::existing);
    damaged.execute("UPDATE answers_1 SET value = x'00' WHERE item = 2", "test");
  }
  CHECK(contains(error_of([&] { export_jsonl(run.path, run.path / "x", {}); }),
                 "74 'light' of item 'a.jpg': the stored value ends early; the run directory is damaged"));
  CHECK_FALSE(fs::exists(run.path / "x"));
}
