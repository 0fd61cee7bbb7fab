// Graphs made of the test's own stages.
#pragma once
#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <flowrun/input_stage.hpp>
#include <flowrun/lambda_stage.hpp>
#include <flowrun/live_run.hpp>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace host_test {

using namespace std::chrono_literals;

// The text of a graph of one input `in` of whole numbers, `run` in braces, and the given lines of stages.
inline std::string graph_text(const std::string& run, const std::string& stages) {
  return "flowrun: 1\nrun: {" + run + "}\nstages:\n  in: {use: host.number}\n" + stages;
}

inline flowrun::graph load(const std::string& text, std::vector<flowrun::in_process_stage> stages) {
  flowrun::engine_options options;
  options.stages = std::move(stages);
  options.stages.push_back(flowrun::make_input<int>("number"));
  flowrun::graph g = flowrun::engine(options).load_text(text, "test");
  std::string problems;
  for (const flowrun::problem& p : g.problems()) problems += to_text(p) + "\n";
  CHECK(problems == "");
  REQUIRE(g.ok());
  return g;
}

// in -> twice = 2 * in
inline flowrun::graph load_twice(int in_flight, const std::string& run = "") {
  return load(graph_text("in_flight: " + std::to_string(in_flight) + run, "  twice: {use: host.twice, in: in}\n"),
              {flowrun::make_stage("twice", [](int n) { return 2 * n; }, {"n"}, {"n"})});
}

// in -> wait = in, as soon as `go`
inline flowrun::graph load_waiting(int in_flight, const std::atomic<bool>& go) {
  auto wait = [&go](int n) {
    while (!go) std::this_thread::sleep_for(1ms);
    return n;
  };
  return load(graph_text("in_flight: " + std::to_string(in_flight), "  wait: {use: host.wait, in: in}\n"),
              {flowrun::make_stage("wait", wait, {"n"}, {"n"})});
}

template <class Call> std::string thrown_text(Call&& call) {
  try {
    call();
  } catch (const std::logic_error& e) {
    return e.what();
  }
  return "(nothing was thrown)";
}

}  // namespace host_test
