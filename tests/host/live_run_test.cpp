// A live run as a host sees it, one thread at a time.
#include <filesystem>

#include "host_graph.hpp"

using namespace flowrun;
using namespace host_test;

namespace {

struct absent {
  static constexpr auto name = "absent";
  static void describe(description<absent>& d) { d.run(&absent::run, {"n"}, {"n"}); }
  void open(const stage_context&) { throw input_error("there is no such folder"); }
  int run(const int& n) const { return n; }
};

}  // namespace

TEST_CASE("values come back as what they are, and as JSON") {
  live_run live(load_twice(4));
  CHECK(live.try_push("in", {"a", 21}));
  live.close();
  auto r = live.pull(10s);
  REQUIRE(r);
  CHECK(r->key == "a");
  CHECK(r->input == "in");
  CHECK(r->seq == 0);
  CHECK(r->status == result_status::done);
  CHECK(r->names() == std::vector<std::string>{"twice.n"});
  REQUIRE(r->get<int>("twice"));
  CHECK(*r->get<int>("twice") == 42);
  CHECK(*r->share<int>("twice.n") == 42);
  CHECK(r->json("twice") == "42");
  CHECK(r->why("twice") == "");
  CHECK(thrown_text([&] { r->get<double>("twice"); }) == "'twice' is a int32, not a float64");
  CHECK(thrown_text([&] { r->get<int>("twise"); }) ==
        "results hold no value 'twise'; they hold: twice.n. Did you mean 'twice'?");
  CHECK_FALSE(live.pull());
  report done = live.wait();
  CHECK(done.exit_code == 0);
  CHECK(done.message == "");
  CHECK(done.read == 1);
  CHECK(done.done == 1);
  CHECK(live.ended());
  CHECK(live.now().done == 1);
  CHECK(std::string(live.now().phase) == "ended");
}

TEST_CASE("a result outlives run, graph and engine") {
  std::optional<item_result> kept;
  {
    live_run live(load_twice(4));
    live.push("in", {"a", 4});
    kept = live.pull();
  }
  REQUIRE(kept);
  CHECK(*kept->get<int>("twice") == 8);
}

TEST_CASE("push and pull on one thread at in_flight 1 do not wait for each other") {
  live_run live(load_twice(1));
  int sum = 0;
  for (int i = 0; i < 100; ++i) {
    REQUIRE(live.push("in", {std::to_string(i), i}, {}, 60s) == push_outcome::accepted);
    if (i % 3 == 2) continue;  // results may wait
    auto r = live.pull(60s);
    REQUIRE(r);
    sum += *r->get<int>("twice");
  }
  live.close();
  while (auto r = live.pull(60s)) sum += *r->get<int>("twice");
  CHECK(sum == 9900);
  CHECK(live.wait().peak_in_flight == 1);
}

TEST_CASE("misuse is a std::logic_error that says what would be right") {
  live_run live(load_twice(2));
  CHECK(thrown_text([&] {
          live.try_push("in", {"a", 1.5});
        }) == "input 'in' takes int32, but a float64 was pushed (item 'a')");
  CHECK(thrown_text([&] {
          live.push("inn", {"a", 1});
        }) == "'inn' is no input of test; its inputs: in. Did you mean 'in'?");
  CHECK(thrown_text([&] { live.push("twice", {"a", 1}); }) == "'twice' is no input of test; its inputs: in");
  const graph bad = engine({}).load_text("flowrun: 1\nstages:\n  a: {use: host.none}\n", "bad");
  CHECK(thrown_text([&] { live_run refused(bad); }) ==
        "a live run needs a graph that is ok(), but bad:3:12: there is no plugin 'host'; there is: none (no plugin "
        "folder was found)");
  live_run called(load_twice(2), {.on_result = [](const item_result&) {}});
  CHECK(thrown_text([&] { called.pull(); }) == "pull() has nothing to give: results go to on_result");
  engine_options twins;
  twins.stages = {make_input<int>("n"), make_input<double>("n")};
  CHECK(thrown_text([&] { engine e(twins); }) == "engine_options::stages: two of its stages are named 'n'");
  engine_options unnamed;
  unnamed.stages = {make_input<int>("a b")};
  CHECK(thrown_text([&] { engine e(unnamed); }) ==
        "engine_options::stages: host.a b: 'a b' cannot name a stage; use letters, digits, _ and -");
}

TEST_CASE("push after close, and after the end") {
  live_run live(load_twice(2));
  live.close();
  CHECK(live.push("in", {"a", 1}) != push_outcome::accepted);
  CHECK_FALSE(live.try_push("in", {"a", 1}));
  CHECK(live.wait().read == 0);
  CHECK(live.push("in", {"a", 1}) == push_outcome::ended);
  CHECK(std::string(to_text(push_outcome::timed_out)) == "timed out");
}

TEST_CASE("without a place push waits: until its time is over, or it is asked to stop, or one is free") {
  std::atomic<bool> go{false};
  live_run live(load_waiting(2, go));
  CHECK(live.push("in", {"a", 1}) == push_outcome::accepted);
  CHECK(live.push("in", {"b", 2}) == push_outcome::accepted);
  CHECK_FALSE(live.try_push("in", {"c", 3}));
  auto before = std::chrono::steady_clock::now();
  CHECK(live.push("in", {"c", 3}, {}, 30ms) == push_outcome::timed_out);
  CHECK(std::chrono::steady_clock::now() - before >= 30ms);
  std::stop_source stop;
  std::thread asks([&] {
    std::this_thread::sleep_for(20ms);
    stop.request_stop();
  });
  CHECK(live.push("in", {"c", 3}, stop.get_token(), 60s) == push_outcome::stopped);
  asks.join();
  std::thread opens([&] {
    std::this_thread::sleep_for(20ms);
    go = true;
  });
  CHECK(live.push("in", {"c", 3}, {}, 60s) == push_outcome::accepted);
  opens.join();
  live.close();
  CHECK(live.wait().done == 3);
}

TEST_CASE("close() wakes who waits in push()") {
  std::atomic<bool> go{false};
  live_run live(load_waiting(1, go));
  live.push("in", {"a", 1});
  std::thread closes([&] {
    std::this_thread::sleep_for(20ms);
    live.close();
  });
  CHECK(live.push("in", {"b", 2}) == push_outcome::closed);
  closes.join();
  go = true;
  CHECK(live.wait().read == 1);
}

TEST_CASE("a graph that cannot start has ended, and says why") {
  live_run live(load(graph_text("", "  a: {use: host.absent, in: in}\n"), {make_stage<absent>()}));
  CHECK(live.push("in", {"a", 1}) == push_outcome::ended);
  CHECK_FALSE(live.pull());
  CHECK(live.ended());
  CHECK(live.wait().exit_code == 64);
  CHECK(live.wait().message == "stage 'a': there is no such folder");
  live.cancel();
  live.close();
}

TEST_CASE("what needs a store is refused") {
  const graph g = load(graph_text("", "  twice: {use: host.twice, in: in}\nexport: {jsonl: results.jsonl}\n"),
                       {make_stage("twice", [](int n) { return 2 * n; }, {"n"}, {"n"})});
  live_run live(g);
  CHECK(live.wait().exit_code == 65);
  CHECK(live.wait().message ==
        "test: the export 'jsonl' needs the store, which a live run has not; take it out, or run the graph as a "
        "flowrun::run");
}

TEST_CASE("a run of a graph with an input says that nobody pushes") {
  const std::filesystem::path folder = std::filesystem::temp_directory_path() / "flowrun-host-test-run";
  std::filesystem::remove_all(folder);
  report r = run(load_twice(2), {.out = folder.string()}).execute();
  CHECK(r.exit_code == 74);
  CHECK(r.message.find("stage 'in': this input is fed by push(); run the graph as a flowrun::live_run") == 0);
  std::filesystem::remove_all(folder);
}
