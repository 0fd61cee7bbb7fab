// tests/graphs/good: taken without a word, and what is written out reads back as the same graph.
#include <doctest/doctest.h>

#include <test_paths.hpp>

#include "graph/check_graph.hpp"
#include "graph/dot.hpp"
#include "graph_texts.hpp"
#include "test_catalog.hpp"

using namespace flowrun;
using namespace flowrun::core;

namespace {

void check_same(const checked_graph& a, const checked_graph& b) {
  CHECK(a.run.out == b.run.out);
  CHECK(a.run.in_flight == b.run.in_flight);
  CHECK(a.run.ram == b.run.ram);
  CHECK(a.run.threads == b.run.threads);
  CHECK(a.run.error_rule == b.run.error_rule);
  CHECK(a.run.max_error_rate == b.run.max_error_rate);
  CHECK(a.run.store == b.run.store);
  REQUIRE(a.exports.size() == b.exports.size());
  for (std::size_t i = 0; i < a.exports.size(); ++i) CHECK(a.exports[i].path == b.exports[i].path);
  REQUIRE(a.stages.size() == b.stages.size());
  for (std::size_t i = 0; i < a.stages.size(); ++i) {
    const checked_stage &x = a.stages[i], &y = b.stages[i];
    CHECK(x.name == y.name);
    CHECK(x.manifest.use() == y.manifest.use());
    CHECK(x.inputs == y.inputs);
    CHECK(x.params == y.params);
    CHECK(x.kept == y.kept);
    CHECK(x.sources == y.sources);
    CHECK(x.parallel == y.parallel);
    CHECK(x.retries == y.retries);
    CHECK(x.error_rule == y.error_rule);
    CHECK(x.keep_order == y.keep_order);
    CHECK(x.is_leaf == y.is_leaf);
  }
}

}  // namespace

TEST_CASE("a stage that says how large its rows are runs models of shapes with a range") {
  const std::string text = test::read_file(std::filesystem::path(test_paths::tests) / "graphs/bad/model_shape.yaml");
  stage_catalog catalog = test::make_catalog();
  for (catalog_plugin& p : catalog.plugins)
    for (stage_manifest& s : p.manifest.stages)
      for (model_manifest& m : s.models) m.shapes = true;
  test::outcome o;
  const graph_spec spec = read_graph_text(text, "g.yaml", {}, o.problems);
  o.graph = check_graph(spec, catalog, test::make_models(), o.problems);
  CHECK(o.text() == "");
  REQUIRE(o.graph.stages.size() == 3);
  CHECK(o.graph.stages[2].model.files.at(0).name == "vectors-any");
}

TEST_CASE("good graphs are taken, and read back from what is written out") {
  const auto graphs = test::list_graphs("good");
  CHECK(graphs.size() >= 9);
  for (const auto& path : graphs) {
    CAPTURE(path.filename().string());
    const auto first = test::check_text(test::read_file(path), path.string());
    CHECK(first.text() == "");
    REQUIRE(!first.graph.stages.empty());
    CAPTURE(first.graph.resolved_yaml);
    const auto again = test::check_text(first.graph.resolved_yaml, "/elsewhere/graph.resolved.yaml");
    CHECK(again.text() == "");
    check_same(first.graph, again.graph);
    CHECK(first.graph.resolved_yaml == again.graph.resolved_yaml);
    const std::string dot = write_dot(first.graph);
    for (const checked_stage& s : first.graph.stages)
      CHECK(dot.find("\"" + s.name + "\" [shape=") != std::string::npos);
  }
}

TEST_CASE("every stage stands behind those it reads from") {
  for (const auto& path : test::list_graphs("good")) {
    const auto outcome = test::check_text(test::read_file(path));
    for (std::size_t i = 0; i < outcome.graph.stages.size(); ++i)
      for (const auto& input : outcome.graph.stages[i].inputs)
        for (const port_index& p : input) CHECK(p.stage < static_cast<int>(i));
  }
}

TEST_CASE("a graph is written out in full") {
  const auto outcome = test::check_text(
      "flowrun: 1\nparams: {input: a b}\nstages:\n"
      "  light: {use: test.light, in: soft, retries: 1}\n"
      "  soft: {use: test.blur, in: photos}\n"
      "  photos: {use: test.photos, params: {path: \"${input}/$${x}\"}}\n"
      "export: {jsonl: r.jsonl}\n");
  CHECK(outcome.text() == "");
  CHECK(outcome.graph.resolved_yaml ==
        "flowrun: 1\n"
        "run: {out: \"runs/last\", on_error: continue, max_error_rate: 1}\n"
        "stages:\n"
        "  photos:\n"
        "    use: test.photos\n"
        "    params: {path: \"a b/$${x}\", recursive: false, max_side: 0}\n"
        "  soft:\n"
        "    use: test.blur\n"
        "    in: {image: photos.image}\n"
        "    params: {radius: 3, mode: gauss}\n"
        "  light:\n"
        "    use: test.light\n"
        "    in: {image: soft.image}\n"
        "    retries: 1\n"
        "keep: [light.light]\n"
        "export: {jsonl: \"r.jsonl\"}\n");
}

TEST_CASE("dot shows stages, ports and what is kept") {
  const auto outcome = test::check_text(
      "flowrun: 1\nstages:\n"
      "  photos: {use: test.photos, params: {path: in}}\n"
      "  det: {use: test.detect, in: photos}\n"
      "  drawn: {use: test.mark, in: {image: photos, faces: det}}\n"
      "  out: {use: test.save, in: drawn, params: {path: out}}\n"
      "keep: det\n");
  CHECK(outcome.text() == "");
  CHECK(write_dot(outcome.graph) ==
        "digraph flowrun {\n  rankdir=LR;\n"
        "  \"photos\" [shape=house, label=\"photos\\ntest.photos\"];\n"
        "  \"det\" [shape=box, label=\"det\\ntest.detect\\nkept: faces\"];\n"
        "  \"drawn\" [shape=box, label=\"drawn\\ntest.mark\"];\n"
        "  \"out\" [shape=invhouse, label=\"out\\ntest.save\"];\n"
        "  \"photos\" -> \"det\" [label=\"image\"];\n"
        "  \"photos\" -> \"drawn\" [label=\"image\"];\n"
        "  \"det\" -> \"drawn\" [label=\"faces\", style=dashed];\n"
        "  \"drawn\" -> \"out\" [label=\"image\"];\n"
        "}\n");
}
