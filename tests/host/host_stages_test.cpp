// Stages of the program itself in a live run, and the values they give.
#include <filesystem>
#include <fstream>
#include <mutex>

#include "host_graph.hpp"

using namespace flowrun;
using namespace host_test;

namespace {

struct note {
  static constexpr auto name = "note";
  static void describe(description<note>& d) { d.run(&note::run, {"n"}); }
  void open(const stage_context& c) { out = c.out; }
  void run(const int& n) { std::ofstream(out + "/note.txt") << n; }
  std::string out;
};

}  // namespace

TEST_CASE("items that fail, are skipped, or have only a part of their values") {
  auto odd = [](int n) {
    if (n % 2 == 0) throw skip("even");
    return n;
  };
  auto small = [](int n) {
    if (n > 10) throw std::runtime_error(std::to_string(n) + " is too large");
    return n;
  };
  const graph g = load(graph_text("",
                                  "  odd: {use: host.odd, in: in}\n  small: {use: host.small, in: odd}\n"
                                  "  also: {use: host.also, in: in}\n"),
                       {make_stage("odd", odd, {"n"}, {"n"}), make_stage("small", small, {"n"}, {"n"}),
                        make_stage("also",
                                   [](int n) -> std::optional<double> {
                                     if (n < 0) return {};
                                     return n / 2.0;
                                   },
                                   {"n"}, {"half"})});
  std::string warnings;
  std::mutex mutex;
  live_run live(g, {.on_log = [&](log_level level, std::string_view text) {
                  std::lock_guard lock(mutex);
                  if (level == log_level::warning) warnings += std::string(text) + "\n";
                }});
  auto ask = [&live](int n) {
    live.push("in", {"n", n});
    auto r = live.pull(60s);
    REQUIRE(r);
    return *r;
  };
  item_result part = ask(4);
  CHECK(part.status == result_status::done);
  CHECK(part.get<int>("small") == nullptr);
  CHECK(part.json("small") == "null");
  CHECK(part.why("small") == "odd: even");
  CHECK(*part.get<double>("also") == 2.0);
  CHECK(part.reason == "");
  item_result failed = ask(11);
  CHECK(failed.status == result_status::failed);
  CHECK(failed.stage == "small");
  CHECK(failed.reason == "11 is too large");
  CHECK(*failed.get<double>("also") == 5.5);
  item_result skipped = ask(-2);
  CHECK(skipped.status == result_status::skipped);
  CHECK(skipped.stage == "odd");
  CHECK(skipped.reason == "even");
  CHECK(skipped.why("also.half") == "also: gave no value");
  live.close();
  report r = live.wait();
  CHECK(r.exit_code == 3);
  CHECK(r.message == "1 of 3 items failed");
  REQUIRE(r.first_failures.size() == 1);
  CHECK(r.first_failures[0].reason == "11 is too large");
  CHECK(warnings == "n: small: 11 is too large\n");
}

TEST_CASE("keep adds the outputs it names to those nobody reads") {
  const graph g = load(graph_text("",
                                  "  twice: {use: host.twice, in: in}\n  more: {use: host.twice, in: twice}\n"
                                  "keep: [twice]\n"),
                       {make_stage("twice", [](int n) { return 2 * n; }, {"n"}, {"n"})});
  live_run live(g);
  live.push("in", {"a", 1});
  auto r = live.pull();
  REQUIRE(r);
  CHECK(*r->get<int>("twice") == 2);
  CHECK(*r->get<int>("more") == 4);
}

TEST_CASE("two inputs of two types, and values by stage and output") {
  engine_options options;
  options.stages = {make_input<int>("number"), make_input<std::string>("text"),
                    make_stage("split", [](const std::string& t) { return std::tuple(t.substr(0, 1), t.substr(1)); },
                               {"t"}, {"head", "tail"}),
                    make_stage("next", [](int n) { return n + 1; }, {"n"}, {"n"})};
  const graph g = engine(options).load_text(
      "flowrun: 1\nstages:\n  n: {use: host.number}\n  t: {use: host.text}\n  s: {use: host.split, in: t}\n"
      "  m: {use: host.next, in: n}\n",
      "test");
  REQUIRE(g.ok());
  live_run live(g);
  live.push("t", {"a", std::string("flow")});
  auto r = live.pull(60s);
  REQUIRE(r);
  CHECK(r->json("s.head") == "\"f\"");
  CHECK(*r->get<std::string>("s.tail") == "low");
  CHECK(r->get<int>("m") == nullptr);
  CHECK(r->why("m") == "no item of 't' comes there");
  CHECK(thrown_text([&] { r->json("s"); }) == "results hold several values of stage 's': s.head, s.tail; name one");
  live.push("n", {"b", 6});
  r = live.pull(60s);
  REQUIRE(r);
  CHECK(*r->get<int>("m") == 7);
}

TEST_CASE("a mutable lambda sees items in the order of the pushes, and starts anew with each run") {
  int base = 100;
  const graph g = load(graph_text("in_flight: 8", "  count: {use: host.count, in: in}\n"),
                       {make_stage("count", [base](int n) mutable { return base++ * 1000 + n; }, {"n"}, {"n"})});
  for (int round = 0; round < 2; ++round) {
    live_run live(g);
    int wrong = 0, seen = 0;
    auto look = [&](const std::optional<item_result>& r) {
      int n = std::stoi(r->key);
      if (*r->get<int>("count") != (100 + n) * 1000 + n) ++wrong;
      ++seen;
    };
    for (int i = 0; i < 200; ++i) {
      live.push("in", {std::to_string(i), i});
      while (auto r = live.pull(0ms)) look(r);
    }
    live.close();
    while (auto r = live.pull(60s)) look(r);
    CHECK(seen == 200);
    CHECK(wrong == 0);
  }
}

TEST_CASE("a sink, a function and the item's key") {
  std::atomic<int> sum{0};
  const graph g =
      load(graph_text("", "  add: {use: host.add, in: in}\n"),
           {make_stage("add", [&sum](int n, const item_info& item) { sum += n + static_cast<int>(item.key.size()); },
                       {"n"})});
  live_run live(g);
  live.push("in", {"four", 10});
  auto r = live.pull(60s);
  REQUIRE(r);
  CHECK(r->status == result_status::done);
  CHECK(r->names().empty());
  CHECK(sum == 14);
}

TEST_CASE("files of stages go below `out`, and without such a stage no file is made") {
  const std::filesystem::path folder = std::filesystem::temp_directory_path() / "flowrun-host-test-out";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  auto files = [&folder] {
    return std::distance(std::filesystem::directory_iterator(folder), std::filesystem::directory_iterator());
  };
  {
    live_run live(load_twice(2), {.out = folder.string()});
    live.push("in", {"a", 1});
    live.close();
    CHECK(live.wait().done == 1);
    CHECK(files() == 0);
  }
  live_run live(load(graph_text("", "  note: {use: host.note, in: in}\n"), {make_stage<note>()}),
                {.out = folder.string()});
  live.push("in", {"a", 7});
  live.close();
  live.wait();
  std::string text;
  std::ifstream(folder / "note.txt") >> text;
  CHECK(text == "7");
  CHECK(files() == 1);
  std::filesystem::remove_all(folder);
}
