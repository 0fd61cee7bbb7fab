#include "run_and_watch.hpp"
#include "tool.hpp"

namespace tool {

void add_run(CLI::App& app, action& todo) {
  struct arguments : graph_arguments {
    flowrun::run_options run;
  };
  auto a = std::make_shared<arguments>();
  CLI::App* c = app.add_subcommand("run", "Run a graph; going on where an earlier run of the same directory ended");
  a->declare(*c);
  c->add_option("-o,--out", a->run.out, "Run directory (default: the graph's run.out)")->type_name("DIR");
  c->add_flag("--fresh", a->run.fresh, "Start over; an existing run directory is renamed, never deleted");
  c->add_flag("--retry-failed", a->run.retry_failed, "Run items again that failed before");
  c->add_option("-j,--threads", a->run.threads, "Threads (default: the cores this process may use)")
      ->check(CLI::Range(1, 1024));
  c->footer("example: flowrun run graphs/demo.yaml --set input=photos -o runs/photos -j 4");
  c->callback([a, &todo] {
    todo = [a] {
      flowrun::graph g = a->load();
      if (int rc = print_problems(g)) return rc;
      a->run.adjust_process = true;
      return run_and_watch(g, a->run);
    };
  });
}

}  // namespace tool
