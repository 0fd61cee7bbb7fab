#include <cstdio>
#include <nlohmann/json.hpp>

#include "tool.hpp"

namespace tool {

static void print_json(const flowrun::graph& g) {
  auto all = nlohmann::ordered_json::array();
  for (const flowrun::problem& p : g.problems())
    all.push_back({{"rule", p.rule},
                   {"file", p.file},
                   {"line", p.line},
                   {"column", p.column},
                   {"text", p.text},
                   {"warning", p.warning}});
  std::printf("%s\n", nlohmann::ordered_json{{"ok", g.ok()}, {"problems", all}}.dump(2).c_str());
}

void add_check(CLI::App& app, action& todo) {
  struct arguments : graph_arguments {
    bool json = false;
  };
  auto a = std::make_shared<arguments>();
  CLI::App* c = app.add_subcommand("check", "Say all that is wrong with a graph, or how it would run; starts nothing");
  a->declare(*c);
  c->add_flag("--json", a->json, "Problems as JSON on stdout");
  c->footer("example: flowrun check graphs/demo.yaml");
  c->callback([a, &todo] {
    todo = [a] {
      flowrun::graph g = a->load();
      if (a->json) {
        print_json(g);
        return g.ok() ? ok : g.problems().front().rule == "graph_file" ? usage : bad_graph;
      }
      int rc = print_problems(g);
      if (rc == ok) std::fputs(g.summary().c_str(), stdout);
      return static_cast<exit_code>(rc);
    };
  });
}

}  // namespace tool
