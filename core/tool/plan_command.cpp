#include <cstdio>

#include <flowrun/plan.hpp>

#include "tool.hpp"

namespace tool {

void add_plan(CLI::App& app, action& todo) {
  struct arguments : graph_arguments {
    bool json = false;
    int threads = 0;
  };
  auto a = std::make_shared<arguments>();
  CLI::App* c =
      app.add_subcommand("plan", "Say what batches and slots a graph's models get of a device; starts nothing");
  a->declare(*c);
  c->add_option("-j,--threads", a->threads, "Threads (default: the cores this process may use)")
      ->check(CLI::Range(1, 1024));
  c->add_flag("--json", a->json, "The plan as JSON");
  c->footer("example: flowrun plan graphs/demo.yaml --device sim:16GiB");
  c->callback([a, &todo] {
    todo = [a] {
      flowrun::graph g = a->load();
      if (int rc = print_problems(g)) return rc;
      flowrun::plan_report p = flowrun::plan_graph(g, a->threads);
      std::fputs((a->json ? to_json(p) : to_text(p)).c_str(), p.ok() || a->json ? stdout : stderr);
      return static_cast<int>(p.ok() ? ok : unavailable);
    };
  });
}

}  // namespace tool
