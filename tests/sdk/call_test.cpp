// Every way a stage's function can end, and what a call costs.
#include <doctest/doctest.h>

#include <flowrun/testing.hpp>

#include "allocation_count.hpp"

namespace {

using flowrun::status;
using flowrun::testing::stage;

struct counted {  // how often it is copied and moved
  static constexpr auto port = "test.counted/1";
  static inline int copies = 0, moves = 0;
  int v = 0;
  counted() = default;
  explicit counted(int value) : v(value) {}
  counted(const counted& o) : v(o.v) { ++copies; }
  counted(counted&& o) noexcept : v(o.v) { ++moves; }
  counted& operator=(const counted&) = delete;
  friend std::size_t bytes(const counted&) { return sizeof(counted); }
};
struct only_moved {
  static constexpr auto port = "test.only_moved/1";
  std::unique_ptr<int> v;
  friend std::size_t bytes(const only_moved&) { return sizeof(only_moved) + sizeof(int); }
};

struct counts {
  static constexpr auto name = "counts";
  static void describe(flowrun::description<counts>& d) { d.run(&counts::run, {"in"}, {"out"}); }
  counted run(const counted& in) const { return counted(in.v + 1); }
};
struct moves {
  static constexpr auto name = "moves";
  static void describe(flowrun::description<moves>& d) { d.run(&moves::run, {"in"}, {"out"}); }
  only_moved run(const int& in) const noexcept { return {std::make_unique<int>(in)}; }
};
struct maybe_moves {
  static constexpr auto name = "maybe_moves";
  static void describe(flowrun::description<maybe_moves>& d) { d.run(&maybe_moves::run, {"in"}, {"out", "count"}); }
  std::optional<std::tuple<only_moved, counted>> run(const int& in) const {
    if (in < 0) return std::nullopt;
    return std::tuple<only_moved, counted>(only_moved{std::make_unique<int>(in)}, counted(in));
  }
};
struct found {
  std::string label;
  counted score;
  int unused = 3;
};
struct members {
  static constexpr auto name = "members";
  static void describe(flowrun::description<members>& d) {
    d.run(&members::run, {"in"}, flowrun::out{"score", &found::score}, flowrun::out{"label", &found::label});
  }
  found run(const int& in) const { return {"found " + std::to_string(in), counted(in)}; }
};
struct maybe_members {
  static constexpr auto name = "maybe_members";
  static void describe(flowrun::description<maybe_members>& d) {
    d.run(&maybe_members::run, {"in"}, flowrun::out{"label", &found::label});
  }
  std::optional<found> run(const int& in) const {
    if (in < 0) return {};
    return found{"x", {}};
  }
};
struct optional_inputs {
  static constexpr auto name = "optional_inputs";
  static void describe(flowrun::description<optional_inputs>& d) {
    d.run(&optional_inputs::run, {"a", "b", "c"}, {"text"});
  }
  std::string run(const int* a, const int& b, const std::string* c) const {
    return (a ? std::to_string(*a) : "-") + "," + std::to_string(b) + "," + (c ? *c : "-");
  }
};
struct ends {
  static constexpr auto name = "ends";
  static void describe(flowrun::description<ends>& d) { d.run(&ends::run, {"in"}, {"out"}); }
  int run(const int& in) const {
    if (in == 1) throw flowrun::skip("too dark");
    if (in == 2) throw std::runtime_error("no such colour");
    if (in == 3) throw 3;
    if (in == 4) throw flowrun::run_error("the disk is full");
    if (in == 5) throw std::bad_alloc();
    if (in == 6) throw flowrun::input_error("asked for nothing");
    return in;
  }
};
struct sinks {
  static constexpr auto name = "sinks";
  std::vector<int> seen;
  static void describe(flowrun::description<sinks>& d) { d.run(&sinks::run, {"in"}); }
  void run(const int& in) {
    if (in < 0) throw flowrun::skip("negative");
    seen.push_back(in);
  }
};
struct array_payload {  // a std::array is one payload, no tuple of ports
  static constexpr auto port = "test.array_payload/1";
  std::array<int, 2> v{};
  static void fields(flowrun::fields<array_payload>& f) { f.field("v", &array_payload::v); }
};
struct by_value {
  static constexpr auto name = "by_value";
  static constexpr int version = 7;
  static void describe(flowrun::description<by_value>& d) {
    d.doc("Doubles.").parallel(3).scope(flowrun::scope::run).temporal();
    d.run(&by_value::run, {"in"}, {"out"});
  }
  array_payload run(int in) const { return {{in, 2 * in}}; }
};

}  // namespace

TEST_CASE("one output costs no copy, one move and one allocation") {
  stage<counts> s;
  const counted in(4);
  s.run(in);
  const flowrun::stage_info& info = s.info();
  std::string reason;
  flowrun::item_info item;
  flowrun::payload out;
  const void* inputs[] = {&in};
  flowrun::call_frame frame{inputs, &out, &reason, &item, false};
  counted::copies = counted::moves = 0;
  const int before = allocation_count();
  const status answered = info.call(info, &s.object(), frame);
  const int spent = allocation_count() - before;
  CHECK(answered == status::value);
  CHECK(static_cast<const counted*>(out.value.get())->v == 5);
  CHECK(out.bytes == sizeof(counted));
  CHECK(counted::copies == 0);
  CHECK(counted::moves == 1);
  CHECK(spent == 1);
}

TEST_CASE("what can only be moved passes, alone and in tuples and structs") {
  stage<moves> s;
  const auto a = s.run(5);
  CHECK(*a.get<only_moved>().v == 5);
  CHECK(a.out[0].bytes == sizeof(only_moved) + sizeof(int));

  counted::copies = 0;
  stage<maybe_moves> m;
  const auto b = m.run(6);
  CHECK(*b.get<only_moved>("out").v == 6);
  CHECK(b.get<counted>("count").v == 6);
  stage<members> f;
  const auto c = f.run(7);
  CHECK(c.get<counted>("score").v == 7);
  CHECK(c.get<std::string>("label") == "found 7");
  CHECK(counted::copies == 0);
  // Each output is its own: the small one does not keep the large one alive.
  CHECK(c.out[0].value.use_count() == 1);
  CHECK(c.out[1].value.use_count() == 1);
}

TEST_CASE("an empty optional is a skip") {
  stage<maybe_moves> m;
  const auto a = m.run(-1);
  CHECK(a.answered == status::skip);
  CHECK(a.reason == "gave no value");
  stage<maybe_members> n;
  CHECK(n.run(-1).answered == status::skip);
  CHECK(n.run(1).get<std::string>() == "x");
}

TEST_CASE("optional inputs are null where there is no value") {
  stage<optional_inputs> s;
  CHECK(s.info().inputs[0].optional);
  CHECK_FALSE(s.info().inputs[1].optional);
  CHECK(s.run(1, 2, std::string("c")).get<std::string>() == "1,2,c");
  CHECK(s.run(nullptr, 2, nullptr).get<std::string>() == "-,2,-");
}

TEST_CASE("every end is one answer with its reason") {
  stage<ends> s;
  auto text = [&](int in) {
    const auto a = s.run(in);
    return std::string(flowrun::testing::status_name(a.answered)) + (a.stops_run ? ", stops the run: " : ": ") +
           a.reason;
  };
  CHECK(text(0) == "value: ");
  CHECK(text(1) == "skip: too dark");
  CHECK(text(2) == "error: no such colour");
  CHECK(text(3) == "error: threw something that is not a std::exception");
  CHECK(text(4) == "error, stops the run: the disk is full");
  CHECK(text(5) == "error: std::bad_alloc");
  CHECK(text(6) == "error: asked for nothing");
  stage<sinks> k;
  CHECK(k.run(3).answered == status::value);
  CHECK(k.run(-3).reason == "negative");
  CHECK(k.object().seen == std::vector<int>{3});
}

TEST_CASE("what a stage says about itself") {
  const flowrun::stage_info s = flowrun::description<by_value>::made();
  CHECK(s.name == "by_value");
  CHECK(s.doc == "Doubles.");
  CHECK(s.version == 7);
  CHECK(s.parallel == 3);
  CHECK(s.span == flowrun::scope::run);
  CHECK(s.temporal);
  CHECK(s.shape == flowrun::stage_shape::transform);
  CHECK_FALSE(s.serial);
  CHECK(!static_cast<bool>(s.open));
  CHECK(!static_cast<bool>(s.close));
  CHECK(!static_cast<bool>(s.total));
  CHECK(s.outputs.size() == 1);
  stage<by_value> v;
  CHECK(v.run(4).get<array_payload>().v == std::array<int, 2>{4, 8});
  const flowrun::stage_info sink = flowrun::description<sinks>::made();
  CHECK(sink.shape == flowrun::stage_shape::sink);
  CHECK(sink.serial);
  CHECK(sink.version == 1);
  CHECK(sink.outputs.empty());
  CHECK(flowrun::description<members>::made().outputs[1].name == "label");
}
