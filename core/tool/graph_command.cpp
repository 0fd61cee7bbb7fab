#include <cstdio>

#include "tool.hpp"

namespace tool {

void add_graph(CLI::App& app, action& todo) {
  struct arguments : graph_arguments {
    bool resolved = false;
  };
  auto a = std::make_shared<arguments>();
  CLI::App* c = app.add_subcommand("graph", "Print a graph for Graphviz (dot)");
  a->declare(*c);
  c->add_flag("--resolved", a->resolved, "Print it as YAML instead, with every param and --set filled in");
  c->footer("example: flowrun graph graphs/demo.yaml | dot -Tsvg > demo.svg");
  c->callback([a, &todo] {
    todo = [a] {
      flowrun::graph g = a->load();
      if (int rc = print_problems(g)) return rc;
      std::fputs((a->resolved ? g.resolved_yaml() : g.dot()).c_str(), stdout);
      return 0;
    };
  });
}

}  // namespace tool
