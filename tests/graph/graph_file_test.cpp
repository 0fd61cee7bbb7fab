// Reading alone: places, values, graph params.
#include <doctest/doctest.h>

#include "graph/graph_file.hpp"
#include "graph/yaml_tree.hpp"
#include "graph/yaml_values.hpp"
#include "graph_texts.hpp"

using namespace flowrun;
using namespace flowrun::core;

namespace {

graph_spec read(const std::string& text, std::vector<problem>& problems) {
  return read_graph_text(text, "g.yaml", {}, problems);
}

yaml_node scalar(const std::string& text, bool quoted = false) {
  yaml_node n;
  n.is = yaml_node::kind::scalar;
  n.text = text;
  n.quoted = quoted;
  return n;
}

}  // namespace

TEST_CASE("every text has its place, in characters") {
  std::vector<problem> problems;
  const auto spec =
      read("flowrun: 1\nstages:\n  a: {use: p.s, params: {\"\xc3\xa4\": \xc3\xa9, b: x}, in: {i: s.p}}\n", problems);
  CHECK(problems.empty());
  REQUIRE(spec.stages.size() == 1);
  const stage_spec& a = spec.stages[0];
  CHECK(a.at.line == 3);
  CHECK(a.at.column == 3);
  CHECK(a.use_at.column == 12);
  REQUIRE(a.params.size() == 2);
  CHECK(a.params[1].first.at.column == 34);
  CHECK(a.inputs[0].name == "i");
  CHECK(a.inputs[0].from[0].stage == "s");
  CHECK(a.inputs[0].from[0].port == "p");
  CHECK(a.inputs[0].from[0].at.column == 49);
}

TEST_CASE("graph params are put in") {
  std::vector<problem> problems;
  const auto spec = read(
      "flowrun: 1\nparams: {n: 5, t: \"5\", l: [1, 2], e: \"\"}\nstages:\n  a:\n    use: p.s\n    params:\n"
      "      number: ${n}\n      quoted: \"${n}\"\n      text: ${t}\n      list: \"${l}\"\n      mixed: "
      "a${n}b${t}${e}\n"
      "      escaped: $${n} $5 $\n",
      problems);
  for (const problem& p : problems) MESSAGE(to_text(p));
  CHECK(problems.empty());
  REQUIRE(spec.stages.size() == 1);
  const auto& params = spec.stages[0].params;
  REQUIRE(params.size() == 6);
  CHECK(to_integer(params[0].second) == 5);
  CHECK(to_integer(params[1].second) == 5);
  CHECK(!to_integer(params[2].second));
  CHECK(params[3].second.items.size() == 2);
  CHECK(params[4].second.text == "a5b5");
  CHECK(params[5].second.text == "${n} $5 $");
}

TEST_CASE("values of all kinds") {
  CHECK(to_integer(scalar("-12")) == -12);
  CHECK(to_integer(scalar("+12")) == 12);
  for (const char* bad : {"", "+", "1.0", "0x10", "1e3", "99999999999999999999", "1 2", "--1", "+-1"})
    CHECK_MESSAGE(!to_integer(scalar(bad)), bad);
  CHECK(to_number(scalar("1e3")) == 1000.0);
  for (const char* bad : {"nan", "inf", "1e999", ".", "1,5"}) CHECK_MESSAGE(!to_number(scalar(bad)), bad);
  CHECK(to_boolean(scalar("true")) == true);
  CHECK(!to_boolean(scalar("yes")));
  CHECK(!to_boolean(scalar("true", true)));
  CHECK(to_bytes(scalar("4GiB")) == 4ull << 30);
  CHECK(to_bytes(scalar("1.5 kB")) == 1500u);
  CHECK(to_bytes(scalar("77")) == 77u);
  for (const char* bad : {"GiB", "-1MB", "4 gigs", "1e30GB", "nanMB"}) CHECK_MESSAGE(!to_bytes(scalar(bad)), bad);
  CHECK(to_share(scalar("5%")) == doctest::Approx(0.05));
  CHECK(to_share(scalar("0.25")) == 0.25);
  CHECK(!to_share(scalar("%")));
  CHECK(number_text(0.1) == "0.1");
  CHECK(number_text(-3) == "-3");
  CHECK(number_text(1e20) == "1e+20");
}

TEST_CASE("a value given by --set") {
  std::string fault;
  const position at{0, 1};
  CHECK(read_yaml_value("a: b # c", at, fault)->text == "a: b # c");
  CHECK(read_yaml_value("", at, fault)->quoted);
  CHECK(read_yaml_value("null", at, fault)->is == yaml_node::kind::null);
  CHECK(read_yaml_value("'5'", at, fault)->quoted);
  CHECK(read_yaml_value("[1, [2]]", at, fault)->items[1].items[0].at.line == 0);
  CHECK(fault.empty());
  CHECK(!read_yaml_value("[1", at, fault));
  CHECK(!read_yaml_value("\xff", at, fault));
}

TEST_CASE("line ends, a byte order mark and block texts are taken") {
  const std::string body =
      "\xef\xbb\xbf---\r\nflowrun: 1\r\nstages:\r\n  photos:\r\n    use: test.photos\r\n    params:\r\n"
      "      path: |-\r\n        it's \"here\r\n        {and} there\r\n  light: {use: test.light, in: "
      "photos}\r\n...\r\n";
  const auto outcome = test::check_text(body);
  CHECK(outcome.text() == "");
  REQUIRE(outcome.graph.stages.size() == 2);
  CHECK(outcome.graph.stages[0].params[0] == param_value(std::string("it's \"here\n{and} there")));
  CHECK(test::check_text(outcome.graph.resolved_yaml).graph.stages[0].params == outcome.graph.stages[0].params);
}

TEST_CASE("nothing is checked against stages when the file is no YAML map") {
  for (const char* text : {"", "[1, 2]", "just text", "flowrun: {1", "~"}) {
    const auto outcome = test::check_text(text);
    CHECK_MESSAGE(outcome.problems.size() == 1, text);
    CHECK(outcome.graph.stages.empty());
  }
}
