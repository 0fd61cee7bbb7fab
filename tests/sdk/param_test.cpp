#include <doctest/doctest.h>

#include <flowrun/plugin.hpp>

namespace {
struct common {
  int shared = 5;
};
struct params : common {
  static constexpr auto name = "params";
  bool flag = true;
  std::int8_t small = -3;
  std::uint8_t byte = 200;
  std::uint64_t large = 1;
  std::int64_t any = -1;
  float ratio = 0.5f;
  double number = 2.5;
  std::string text = "t";
  std::vector<std::string> texts{"a", "b"};
  std::vector<double> numbers{1, 2};
  static void describe(flowrun::description<params>& d) {
    d.param("flag", &params::flag, "on");
    d.param("small", &params::small, "tiny");
    d.param("byte", &params::byte, "beyond its type").range(-5, 1000);
    d.param("large", &params::large, "count");
    d.param("any", &params::any, "whole");
    d.param("ratio", &params::ratio, "share").range(0, 1).unit("of all");
    d.param("number", &params::number, "free");
    d.param("text", &params::text, "word").one_of({"t", "u"});
    d.param("texts", &params::texts, "words");
    d.param("numbers", &params::numbers, "list").required();
    d.param("shared", &params::shared, "of the base");
    d.run(&params::run, {"in"}, {"out"});
  }
  int run(const int& in) const { return in; }
};
}  // namespace

TEST_CASE("parameters know type, default, range and how to be set") {
  const flowrun::stage_info s = flowrun::description<params>::made();
  REQUIRE(s.params.size() == 11);
  using flowrun::param_type;
  using flowrun::param_value;
  const param_type types[] = {param_type::boolean, param_type::integer, param_type::integer, param_type::integer,
                              param_type::integer, param_type::number,  param_type::number,  param_type::text,
                              param_type::texts,   param_type::numbers, param_type::integer};
  const param_value defaults[] = {true,
                                  std::int64_t{-3},
                                  std::int64_t{200},
                                  std::int64_t{1},
                                  std::int64_t{-1},
                                  0.5,
                                  2.5,
                                  std::string("t"),
                                  std::vector<std::string>{"a", "b"},
                                  std::vector<double>{1, 2},
                                  std::int64_t{5}};
  for (std::size_t i = 0; i < s.params.size(); ++i) {
    CAPTURE(s.params[i].name);
    CHECK(s.params[i].type == types[i]);
    CHECK(s.params[i].default_value == defaults[i]);
    CHECK(s.params[i].default_value.index() == static_cast<std::size_t>(types[i]));
  }
  CHECK(*s.params[1].low == -128);
  CHECK(*s.params[1].high == 127);
  CHECK(*s.params[2].low == 0);  // never beyond what the member holds
  CHECK(*s.params[2].high == 255);
  CHECK(*s.params[3].low == 0);
  CHECK_FALSE(s.params[4].low);
  CHECK(*s.params[5].high == 1);
  CHECK(s.params[5].unit == "of all");
  CHECK_FALSE(s.params[6].high);
  CHECK(s.params[7].choices == std::vector<std::string>{"t", "u"});
  CHECK(s.params[9].required);
  CHECK_FALSE(s.params[8].required);

  params p;
  auto set = [&](std::size_t i, param_value v) { s.params[i].set(s.params[i].at, &p, v); };
  set(0, false);
  set(1, std::int64_t{127});
  set(2, std::int64_t{255});
  set(3, std::int64_t{1} << 40);
  set(4, std::int64_t{-1} << 40);
  set(5, 0.25);
  set(6, -1e300);
  set(7, std::string("u"));
  set(8, std::vector<std::string>{});
  set(9, std::vector<double>{7});
  set(10, std::int64_t{6});
  CHECK_FALSE(p.flag);
  CHECK(p.small == 127);
  CHECK(p.byte == 255);
  CHECK(p.large == std::uint64_t{1} << 40);
  CHECK(p.any == -(std::int64_t{1} << 40));
  CHECK(p.ratio == 0.25f);
  CHECK(p.number == -1e300);
  CHECK(p.text == "u");
  CHECK(p.texts.empty());
  CHECK(p.numbers == std::vector<double>{7});
  CHECK(p.shared == 6);
}
