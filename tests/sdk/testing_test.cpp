// testing.hpp: what the author of a stage is told.
#include <doctest/doctest.h>

#include <fstream>
#include <stdexcept>

#include "sample_stages.hpp"

namespace {

using flowrun::image;
using namespace samples;
using flowrun::status;

struct note {
  static constexpr auto name = "note";
  std::string out;
  static void describe(flowrun::description<note>& d) { d.run(&note::run, {"number"}); }
  void open(const flowrun::stage_context& c) {
    if (c.stage != "note" || c.stop_requested()) throw std::logic_error("context");
    c.log(flowrun::log_level::info, "open");
    out = c.out;
  }
  void close() { std::ofstream(out + "/closed") << "yes"; }
  void run(const int& number) const { std::ofstream(out + "/" + std::to_string(number)) << number; }
};

struct line : flowrun::item_ref {
  int number = 0;
};
struct lines {
  static constexpr auto name = "lines";
  int count = 3, at = 0;
  static void describe(flowrun::description<lines>& d) {
    d.param("count", &lines::count, "how many").range(0, 10);
    d.source(&lines::next, &lines::load, {"number"});
  }
  bool next(line& l) {
    if (at == count) return false;
    l.key = "line " + std::to_string(at);
    l.number = at++;
    return true;
  }
  int load(const line& l) const {
    if (l.number == 1) throw std::runtime_error("unreadable");
    return 10 * l.number;
  }
};

struct sum {
  static constexpr auto name = "sum";
  static void describe(flowrun::description<sum>& d) { d.gather(&sum::run, {"a", "b"}, {"sum"}); }
  int run(const flowrun::table<int>& a, const flowrun::table<std::string>& b) const {
    int n = 0;
    for (std::size_t i = 0; i < a.size(); ++i) n += a[i];
    for (std::size_t i = 0; i < b.size(); ++i) n += std::stoi(b[i]) * (b.key(i) == "double" ? 2 : 1);
    return n;
  }
};
struct odd_rows {
  static constexpr auto name = "odd_rows";
  int lost = 0;
  static void describe(flowrun::description<odd_rows>& d) {
    d.param("lost", &odd_rows::lost, "rows not answered");
    d.gather(&odd_rows::run, {"n"}, {"odd"});
  }
  flowrun::rows<int> run(const flowrun::table<int>& n) const {
    flowrun::rows<int> r;
    for (std::size_t i = 0; i + static_cast<std::size_t>(lost) < n.size(); ++i)
      r.values.push_back(n[i] % 2 ? std::optional(n[i]) : std::nullopt);
    return r;
  }
};

struct calls {
  static constexpr auto name = "calls";
  static void describe(flowrun::description<calls>& d) { d.gather(&calls::run, {"n"}, {"calls"}); }
  flowrun::rows<int> run(const flowrun::table<int>& n, const flowrun::earlier<int>& before) const {
    flowrun::rows<int> r;
    for (std::size_t i = 0; i < n.size(); ++i) r.values.emplace_back(before[i] ? *before[i] + 1 : 1);
    return r;
  }
};
struct all_calls {
  static constexpr auto name = "all_calls";
  static void describe(flowrun::description<all_calls>& d) { d.gather(&all_calls::run, {"n"}, {"calls"}); }
  int run(const flowrun::table<int>&, const flowrun::earlier<int>& before) const {
    return before.value() ? *before.value() + 1 : 1;
  }
};

class ticks {
 public:
  explicit ticks(int count) : count_(count) {}
  bool next(flowrun::item_ref& frame) {
    frame.seq = static_cast<std::uint64_t>(at_);
    frame.time_ns = at_ * 40;
    return at_++ < count_;
  }
  int load() {
    if (at_ == 2) throw std::runtime_error("torn");
    return at_ * 10;
  }

 private:
  int count_, at_ = 0;
};
struct clips {
  static constexpr auto name = "clips";
  static void describe(flowrun::description<clips>& d) { d.sequence(&clips::next, &clips::read, {"number"}); }
  bool next(line& l) {
    l.sequence = true;
    l.number = 3;
    return false;
  }
  std::unique_ptr<ticks> read(const line& l) const { return std::make_unique<ticks>(l.number); }
};
struct rise {
  static constexpr auto name = "rise";
  static void describe(flowrun::description<rise>& d) { d.window(&rise::run, {"number"}, {"rise"}); }
  int run(const int& previous, const int& current) const { return current - previous; }
};

template <class F> std::string refusal(F&& f) {
  try {
    f();
  } catch (const std::invalid_argument& e) {
    return e.what();
  }
  return "not refused";
}

}  // namespace

TEST_CASE("a transform is run with its parameters") {
  flowrun::testing::stage<threshold> s;
  const image in = gradient(16, 4, 3);
  const auto half = s.run(in);
  REQUIRE(half);
  CHECK(half.answered == status::value);
  CHECK(half.get<image>() == threshold().run(in));
  CHECK(half.get<image>("mask").channels == 1);
  s.set("level", 0).set("invert", true);
  threshold expected;
  expected.level = 0;
  expected.invert = true;
  CHECK(s.run(in).get<image>("mask") == expected.run(in));
  s.set("scale", 2)
      .set("mode", "soft")
      .set("weights", std::vector<double>{0, 1})
      .set("tags", std::vector<std::string>{"a"});
  CHECK(s.object().scale == 2);
  CHECK(s.object().mode == "soft");
  CHECK(s.object().weights == std::vector<double>{0, 1});
  CHECK(s.object().tags == std::vector<std::string>{"a"});
}

TEST_CASE("parameters are refused as a graph file's are") {
  flowrun::testing::stage<threshold> s;
  auto set = [&](const char* name, auto value) { return refusal([&] { s.set(name, value); }); };
  CHECK(set("level", 300) == "'level' of threshold is 300, but must be an int 0..255");
  CHECK(set("level", 1.5) == "'level' of threshold is 1.5, but must be an int 0..255");
  CHECK(set("level", "dark") == "'level' of threshold is dark, but must be an int 0..255");
  CHECK(set("level", true) == "'level' of threshold is true, but must be an int 0..255");
  CHECK(set("scale", 0.25) == "'scale' of threshold is 0.25, but must be a number 0.5..2 in x");
  CHECK(set("mode", "hard") == "'mode' of threshold is hard, but must be one of plain, soft");
  CHECK(set("weights", std::vector<std::string>{"a", "b c"}) ==
        "'weights' of threshold is [a, \"b c\"], but must be a list of numbers");
  CHECK(set("tags", 1) == "'tags' of threshold is 1, but must be a list of texts");
  CHECK(set("invert", 1) == "'invert' of threshold is 1, but must be a bool");
  CHECK(set("lvl", 1) == "'lvl' is not a parameter of threshold; it has: level, scale, mode, weights, tags, invert");
  flowrun::testing::stage<counter> none;
  CHECK(refusal([&] { none.set("level", 1); }) == "'level' is not a parameter of counter; it has none");
  flowrun::testing::stage<file_name> f;
  CHECK(refusal([&] { f.run(1, nullptr); }) == "file_name needs the parameter 'prefix', a text");
}

TEST_CASE("inputs and outputs are checked by type and name") {
  flowrun::testing::stage<threshold> s;
  const image in = gradient(4, 4, 1);
  CHECK(refusal([&] { s.run(1); }) == "input 'image' of threshold takes flowrun.image/1, not int32");
  CHECK(refusal([&] { s.run(in, in); }) == "threshold takes 1 inputs, not 2");
  CHECK(refusal([&] { s.run(nullptr); }) == "input 'image' of threshold is not optional");
  CHECK(refusal([&] { s.run(in).get<int>(); }) == "output 'mask' of threshold gives flowrun.image/1, not int32");
  CHECK(refusal([&] { s.run(in).get<image>("edges"); }) == "threshold has no output 'edges'");
  CHECK(refusal([&] { s.list(); }) == "threshold is not a source");
  CHECK(refusal([&] { s.gather(flowrun::testing::column<int>{{1}}); }) == "threshold is not a gather");
}

TEST_CASE("optional inputs, several outputs, item_info and reasons") {
  flowrun::testing::stage<file_name> s;
  s.set("prefix", "to/");
  const auto alone = s.run(3, nullptr);
  CHECK(alone.get<std::string>("text") == "to/item");
  CHECK(alone.get<int>("sum") == 3);
  const auto both = s.run_as({"a.jpg", "photos", "", 4, 0}, 3, 4);
  CHECK(both.get<std::string>() == "to/a.jpg");
  CHECK(both.get<int>("sum") == 7);
  const auto skipped = s.run(-1, nullptr);
  CHECK(skipped.answered == status::skip);
  CHECK(skipped.reason == "negative");
  CHECK_THROWS_WITH_AS(skipped.get<int>("sum"), "file_name gave no value but skip: negative", std::runtime_error);
}

TEST_CASE("serial stages keep their state, sinks and open() have a folder of their own") {
  flowrun::testing::stage<counter> c;
  CHECK(c.run(7).get<int>() == 1);
  CHECK(c.run(7).get<int>() == 2);
  std::string folder;
  {
    flowrun::testing::stage<note> n;
    CHECK(n.run(5));
    folder = n.object().out;
    CHECK(std::filesystem::exists(folder + "/5"));
    n.close();
    CHECK(std::filesystem::exists(folder + "/closed"));
  }
  CHECK_FALSE(std::filesystem::exists(folder));
}

TEST_CASE("a source lists and loads") {
  flowrun::testing::stage<lines> s;
  s.set("count", 3);
  const auto all = s.list();
  REQUIRE(all.size() == 3);
  CHECK(all[2]->key == "line 2");
  CHECK(s.load(*all[2]).get<int>("number") == 20);
  const auto failed = s.load(*all[1]);
  CHECK(failed.answered == status::error);
  CHECK(failed.reason == "unreadable");
  CHECK(refusal([&] { s.run(1); }) == "lines has no run() of a transform or a sink");
}

TEST_CASE("a sequence is read frame by frame") {
  flowrun::testing::stage<clips> s;
  line medium;
  medium.number = 3;
  const auto all = s.read(medium);
  REQUIRE(all.size() == 3);
  CHECK(all[2].first.seq == 2);
  CHECK(all[2].first.time_ns == 80);
  CHECK(all[2].second.get<int>("number") == 30);
  CHECK(all[1].second.reason == "torn");
  flowrun::testing::stage<lines> stills;
  CHECK(refusal([&] { stills.read(medium); }) == "lines is a source without sequences");
}

TEST_CASE("a window is run with the previous and the current value") {
  flowrun::testing::stage<rise> s;
  CHECK(s.run(3, 10).get<int>("rise") == 7);
  CHECK(refusal([&] { s.run(3); }) == "rise takes the previous and the current value, not 1");
  CHECK(flowrun::testing::check_parallel(s, std::vector<std::tuple<int, int>>{{1, 2}, {5, 3}}) == "");
}

TEST_CASE("a gather reads columns") {
  using flowrun::testing::column;
  flowrun::testing::stage<sum> s;
  const auto all = s.gather(column<int>{{1, 2, 3}}, column<std::string>{{"10", "20"}, {"once", "double"}});
  REQUIRE(all.rows.size() == 1);
  CHECK(*all.get<int>() == 56);
  CHECK(*s.gather(column<int>{}, column<std::string>{}).get<int>() == 0);
  CHECK(refusal([&] {
          s.gather(column<int>{{1}, {"a", "b"}}, column<std::string>{});
        }) == "a column has as many keys as values, not 2 for 1");
  flowrun::testing::stage<odd_rows> odd;
  const auto rows = odd.gather(column<int>{{1, 2, 3}});
  REQUIRE(rows.rows.size() == 3);
  CHECK(*rows.get<int>(0) == 1);
  CHECK(rows.get<int>(1) == nullptr);
  CHECK(*rows.get<int>(2) == 3);
  odd.set("lost", 1);
  const auto lost = odd.gather(column<int>{{1, 2, 3}});
  CHECK(lost.answered == status::error);
  CHECK(lost.reason == "gave 2 rows for a table of 3");
}

TEST_CASE("a gather that asks for it is given what it gave the last time") {
  using flowrun::testing::column;
  flowrun::testing::stage<calls> s;
  CHECK(s.info().wants_earlier);
  CHECK(*s.gather(column<int>{{7}}).get<int>() == 1);
  const auto next = s.gather_after(column<int>{{4, 9}, {"b", "gone"}}, column<int>{{7, 7}, {"a", "b"}});
  CHECK(*next.get<int>(0) == 1);
  CHECK(*next.get<int>(1) == 5);
  flowrun::testing::stage<all_calls> whole;
  CHECK(*whole.gather(column<int>{}).get<int>() == 1);
  CHECK(*whole.gather_after(column<int>{{3}}, column<int>{}).get<int>() == 4);
  flowrun::testing::stage<odd_rows> forgetful;
  CHECK_FALSE(forgetful.info().wants_earlier);
  CHECK(refusal([&] { forgetful.gather_after(column<int>{{1}}, column<int>{{1}}); }) ==
        "odd_rows does not ask for what it gave the last time");
  CHECK(refusal([&] { s.gather_after(column<double>{{1}}, column<int>{{1}}); }) ==
        "output 'calls' of calls gives int32, not float64");
}
