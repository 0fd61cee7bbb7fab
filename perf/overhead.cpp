// overhead PLUGINS RESULTS.md [SECONDS_A_ROW [REPEATS]]: what the framework costs per item and stage, against the same
// chain in bare oneTBB. Rows are run in turn, so that what else the machine does falls on all of them alike.
#include <oneapi/tbb/flow_graph.h>
#include <oneapi/tbb/task_arena.h>
#include <sys/utsname.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <thread>

#include <flowrun/run.hpp>

namespace fg = oneapi::tbb::flow;
using steady = std::chrono::steady_clock;

namespace {

constexpr int stages_between = 10;
constexpr int in_flight = 64;
constexpr std::uint64_t items_at_once = 200000;

struct block {
  std::array<std::uint64_t, 25> words{};
};
using message = std::shared_ptr<const block>;

// The chain a programmer would write by hand: a limiter bounds what is in flight, every stage makes a new shared value.
double run_bare(int threads, std::uint64_t items) {
  oneapi::tbb::task_arena arena(threads);
  double seconds = 0;
  arena.execute([&] {
    fg::graph graph;
    std::uint64_t made = 0;
    fg::input_node<message> source(graph, [&](oneapi::tbb::flow_control& control) -> message {
      if (made == items) {
        control.stop();
        return {};
      }
      ++made;
      return std::make_shared<const block>();
    });
    fg::limiter_node<message> limit(graph, in_flight);
    std::vector<std::unique_ptr<fg::function_node<message, message>>> chain;
    for (int i = 0; i < stages_between; ++i)
      chain.push_back(std::make_unique<fg::function_node<message, message>>(
          graph, fg::unlimited, [](const message& m) -> message { return std::make_shared<const block>(*m); }));
    fg::function_node<message, fg::continue_msg> end(graph, fg::unlimited,
                                                     [](const message&) { return fg::continue_msg(); });
    fg::make_edge(source, limit);
    fg::make_edge(limit, *chain.front());
    for (int i = 0; i + 1 < stages_between; ++i) fg::make_edge(*chain[i], *chain[i + 1]);
    fg::make_edge(*chain.back(), end);
    fg::make_edge(end, limit.decrementer());
    auto begin = steady::now();
    source.activate();
    graph.wait_for_all();
    seconds = std::chrono::duration<double>(steady::now() - begin).count();
  });
  return seconds;
}

std::string graph_text(bool store, std::uint64_t items) {
  std::string t = "flowrun: 1\nrun: {in_flight: " + std::to_string(in_flight) + (store ? "" : ", store: none") +
                  "}\nstages:\n  s: {use: pass.source, params: {count: " + std::to_string(items) + "}}\n";
  std::string before = "s";
  for (int i = 0; i < stages_between; ++i) {
    std::string name = "t" + std::to_string(i);
    // With the store, the last transform gives the value that is kept.
    bool keeps = store && i == stages_between - 1;
    t += "  " + name + ": {use: pass." + (keeps ? "keep" : "through") + ", in: " + before + "}\n";
    before = name;
  }
  if (!store) t += "  end: {use: pass.end, in: " + before + "}\n";
  return t;
}

double run_flowrun(const flowrun::engine& engine, const std::string& folder, int threads, bool store,
                   std::uint64_t items) {
  flowrun::graph g = engine.load_text(graph_text(store, items), "overhead.yaml");
  for (const flowrun::problem& p : g.problems()) std::fprintf(stderr, "%s\n", flowrun::to_text(p).c_str());
  if (!g.ok()) std::exit(65);
  std::filesystem::remove_all(folder);
  flowrun::run_options options;
  options.out = folder;
  options.threads = threads;
  flowrun::run run(g, options);
  flowrun::report r = run.execute();
  if (r.exit_code != 0 || r.done != items) {
    std::fprintf(stderr, "%s: %llu of %llu items done\n", r.message.c_str(), static_cast<unsigned long long>(r.done),
                 static_cast<unsigned long long>(items));
    std::exit(1);
  }
  return r.seconds;
}

double median(std::vector<double> v) {
  std::sort(v.begin(), v.end());
  return v[v.size() / 2];
}

struct row {
  const char* name;
  int threads;
  std::function<double(std::uint64_t)> run;
  std::vector<double> ns;  // per item and stage
  std::uint64_t items = items_at_once;
};

std::string processor() {
  std::ifstream in("/proc/cpuinfo");
  for (std::string line; std::getline(in, line);)
    if (line.rfind("model name", 0) == 0) return line.substr(line.find(':') + 2);
  return "unknown processor";
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: overhead PLUGINS RESULTS.md [SECONDS_A_ROW [REPEATS]]\n");
    return 64;
  }
  double least = argc > 3 ? std::atof(argv[3]) : 20;
  int repeats = argc > 4 ? std::atoi(argv[4]) : 5;
  flowrun::engine_options where;
  where.plugin_folders = {argv[1]};
  flowrun::engine engine(where);
  std::string folder =
      (std::filesystem::temp_directory_path() / ("flowrun-overhead-" + std::to_string(::getpid()))).string();
  int all = static_cast<int>(std::thread::hardware_concurrency());
  std::vector<row> rows;
  for (int threads : {1, all}) {
    rows.push_back({"bare oneTBB", threads, [threads](std::uint64_t n) { return run_bare(threads, n); }, {}});
    rows.push_back({"flowrun, store off",
                    threads,
                    [&, threads](std::uint64_t n) { return run_flowrun(engine, folder, threads, false, n); },
                    {}});
    rows.push_back({"flowrun, store on",
                    threads,
                    [&, threads](std::uint64_t n) { return run_flowrun(engine, folder, threads, true, n); },
                    {}});
  }
  // As many items as fill the time, at least 200,000.
  for (row& r : rows) {
    double seconds = r.run(items_at_once);
    r.items = std::max<std::uint64_t>(items_at_once, static_cast<std::uint64_t>(items_at_once * least / seconds * 1.1));
  }
  for (int i = 0; i < repeats; ++i)
    for (row& r : rows) r.ns.push_back(r.run(r.items) * 1e9 / static_cast<double>(r.items) / stages_between);
  std::filesystem::remove_all(folder);

  utsname machine{};
  uname(&machine);
  char head[1000];
  std::snprintf(
      head, sizeof head,
      "# What the framework costs\n\n%d transforms that do nothing, a 200-byte value made by each, in_flight %d; "
      "median of %d runs of at least %.0f s each; with the store on, one value of 100 bytes an item is kept.\n"
      "%s, %d threads at most, %s %s, gcc %s, flowrun %s. Written by perf/overhead.cpp.\n\n"
      "| | threads | items a run | ns per item and stage | spread | times bare | items/s |\n| --- | --- | --- | --- | "
      "--- | --- | --- |\n",
      stages_between, in_flight, repeats, least, processor().c_str(), all, machine.sysname, machine.release,
      __VERSION__, FLOWRUN_VERSION);
  std::ofstream out(argv[2]);
  out << head;
  double bare = 0;
  for (const row& r : rows) {
    double m = median(r.ns);
    if (r.run && std::string(r.name) == "bare oneTBB") bare = m;
    char line[300];
    std::snprintf(line, sizeof line, "| %s | %d | %llu | %.0f | %.0f..%.0f | %.2f | %.0f |\n", r.name, r.threads,
                  static_cast<unsigned long long>(r.items), m, *std::min_element(r.ns.begin(), r.ns.end()),
                  *std::max_element(r.ns.begin(), r.ns.end()), m / bare, 1e9 / (m * stages_between));
    out << line;
    std::fputs(line, stdout);
  }
  return out ? 0 : 74;
}
