// host GRAPH: a program that embeds flowrun: prints the graph's problems, or what it is made of.
#include <cstdio>
#include <flowrun/engine.hpp>
#include <flowrun/problem.hpp>
#include <flowrun/report.hpp>
#include <flowrun/run.hpp>

int main(int, char** argv) {
  flowrun::engine_options options;
  options.plugin_folders = {PLUGIN_FOLDER};
  const flowrun::graph graph = flowrun::engine(options).load(argv[1]);
  for (const flowrun::problem& p : graph.problems()) std::printf("%s\n", to_text(p).c_str());
  std::printf("%s", graph.dot().c_str());
  return graph.ok() ? 0 : 1;
}
