// batches RESULTS.md [SECONDS_A_ROW]: what batching costs, how full batches get, and how busy a simulated device is.
#include <sys/utsname.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "batch_runs.hpp"
#include "engine/default_in_flight.hpp"
#include "report/find_limit.hpp"

using namespace flowrun;
using namespace flowrun::core;
using namespace flowrun::core::batch_stages;
using namespace batch_runs;

namespace {

constexpr int repeats = 5;
double least_seconds = 3;

double median(std::vector<double> v) {
  std::sort(v.begin(), v.end());
  return v[v.size() / 2];
}

// Rows a second of a loop that fills the same buffers, calls the same session and reads the same results.
double bare_rows(const model_file& file, std::size_t batch, std::int64_t rows) {
  timed_session s;
  std::size_t width = file.inputs[0].row_values();
  tensor in = make_tensor(dtype::float32, {static_cast<std::int64_t>(batch), static_cast<std::int64_t>(width)});
  std::vector<tensor> out;
  float sum = 0;
  auto begin = steady::now();
  for (std::int64_t done = 0; done < rows; done += static_cast<std::int64_t>(batch)) {
    auto to = in.values<float>();
    for (std::size_t r = 0; r < batch; ++r)
      for (std::size_t v = 0; v < width; ++v) to[r * width + v] = static_cast<float>(done);
    s.run({&in, 1}, batch, out);
    for (std::size_t r = 0; r < batch; ++r) sum += out[0].values<const float>()[r * width];
  }
  double seconds = seconds_since(begin);
  if (sum < 0) std::puts("");  // the results were read
  return static_cast<double>(rows) / seconds;
}

double flowrun_rows(const model_file& file, std::size_t batch, std::int64_t rows) {
  builder b;
  b.add("decode", {}, decode_params(rows, 0));
  b.add("net", {0});
  b.add("end", {1});
  finished f = run_graph(b, {{}, model_of(file, std::make_shared<timed_session>(), batch, 1), {}}, 1,
                         static_cast<int>(std::max<std::size_t>(64, 2 * batch + 1)));
  return static_cast<double>(f.numbers.done) / f.seconds;
}

void measure_cost(std::ofstream& out) {
  model_file file = echo_model(1024);
  out << "## A session that does nothing\n\nRows of 1,024 floats, 1 thread, one row an item. The bare loop fills, "
         "calls and reads the same buffers without flowrun.\n\n| batch | bare, rows/s | flowrun, rows/s | ns a row "
         "more |\n| --- | --- | --- | --- |\n";
  for (std::size_t batch : {1, 4, 16, 64, 256}) {
    std::vector<double> bare, ours;
    auto rows = static_cast<std::int64_t>(200000 * least_seconds);
    for (int i = 0; i < repeats; ++i) {
      bare.push_back(bare_rows(file, batch, rows));
      ours.push_back(flowrun_rows(file, batch, rows));
    }
    double b = median(bare), f = median(ours);
    char line[200];
    std::snprintf(line, sizeof line, "| %zu | %.0f | %.0f | %.0f |\n", batch, b, f, 1e9 / f - 1e9 / b);
    out << line;
    std::fputs(line, stdout);
  }
}

struct flush_case {
  const char* name;
  int in_flight;
  int shape;  // 0 beside a slow branch, 1 alone, 2 in series
};

void measure_flush(std::ofstream& out) {
  static const model_file file = echo_model(16);
  out << "\n## When batches go\n\nBatch 16, 1 slot; a call takes 2 ms + 0.2 ms a row on a sim device, a decode 0.2 ms "
         "of sleep on 8 threads; the slow branch sleeps 20 ms for 2 % of the items. Medians of "
      << repeats
      << ".\n\n| case | in_flight | items/s | mean rows | full / half / quiet |\n| --- | --- | --- | --- | --- |\n";
  for (flush_case c : {flush_case{"beside a slow branch", 16, 0},
                       {"beside a slow branch", 64, 0},
                       {"alone", 16, 1},
                       {"alone", 32, 1},
                       {"two in series", 24, 2},
                       {"two in series", 64, 2}}) {
    std::vector<double> rate, mean;
    std::uint64_t full = 0, half = 0, quiet = 0;
    for (int i = 0; i < repeats; ++i) {
      builder b;
      b.add("decode", {}, decode_params(static_cast<std::int64_t>(1000 * least_seconds), 0, 200));
      auto net = [&] {
        auto s = std::make_shared<timed_session>();
        s->call_us = 2000;
        s->row_us = 200;
        model_run m = model_of(file, s, 16, 1);
        m.on = any_device();
        return m;
      };
      std::vector<model_run> models(4);
      b.add("net", {0});
      models[1] = net();
      if (c.shape == 0) b.add("slow", {0});
      if (c.shape == 2) {
        b.add("net", {1});
        models[2] = net();
      }
      if (c.shape == 0)
        b.add("both", {1, 2});
      else
        b.add("end", {c.shape == 2 ? 2 : 1});
      models.resize(b.graph.stages.size());
      finished f = run_graph(b, models, 8, c.in_flight);
      rate.push_back(static_cast<double>(f.numbers.done) / f.seconds);
      const stage_numbers& s = f.numbers.stages[1];
      mean.push_back(static_cast<double>(s.rows) / static_cast<double>(s.batches));
      full += s.full, half += s.half, quiet += s.quiet;
    }
    char line[200];
    std::snprintf(line, sizeof line, "| %s | %d | %.0f | %.1f | %llu / %llu / %llu |\n", c.name, c.in_flight,
                  median(rate), median(mean), static_cast<unsigned long long>(full),
                  static_cast<unsigned long long>(half), static_cast<unsigned long long>(quiet));
    out << line;
    std::fputs(line, stdout);
  }
}

void measure_in_flight(std::ofstream& out) {
  static const model_file file = echo_model(16);
  auto rate_of = [&](int in_flight, int& usual) {
    builder b;
    b.add("decode", {}, decode_params(static_cast<std::int64_t>(1500 * least_seconds), 400));
    b.add("net", {0});
    b.add("end", {1});
    auto s = std::make_shared<one_stream_session>();
    s->call_us = 2000;
    s->row_us = 200;
    model_run m = model_of(file, s, 32, 2);
    m.on = any_device();
    usual = default_in_flight(b.graph, {{}, m, {}}, 2);
    finished f = run_graph(b, {{}, m, {}}, 2, in_flight > 0 ? in_flight : usual);
    return static_cast<double>(f.numbers.done) / f.seconds;
  };
  out << "\n## in_flight\n\nDecode of 0.4 ms on 2 threads, then a model of batch 32, 2 slots, one compute stream, 2 ms "
         "+ 0.2 ms a row. Medians of "
      << repeats << ".\n\n| in_flight | items/s |\n| --- | --- |\n";
  int usual = 0;
  double best = 0, ours = 0;
  for (int n : {8, 16, 32, 64, 128, 256, 512, 0}) {
    std::vector<double> rates;
    for (int i = 0; i < repeats; ++i) rates.push_back(rate_of(n, usual));
    double m = median(rates);
    if (n > 0) best = std::max(best, m);
    ours = m;
    char line[200];
    std::snprintf(line, sizeof line, n > 0 ? "| %d | %.0f |\n" : "| default: %d | %.0f |\n", n > 0 ? n : usual, m);
    out << line;
    std::fputs(line, stdout);
  }
  char line[200];
  std::snprintf(line, sizeof line, "\nThe default reaches %.0f %% of the best (aim 90 %%: %s).\n", ours / best * 100,
                ours >= 0.9 * best ? "met" : "missed");
  out << line;
  std::fputs(line, stdout);
}

void measure_busy(std::ofstream& out) {
  static const model_file file = echo_model(16);
  out << "\n## How busy the device is\n\nA model of batch 32, 2 slots, one compute stream, 0.5 ms a row: 2,000 rows/s; "
         "decode on 2 threads at a multiple of that. Busy: the share of the time in which the stream computes.\n\n"
         "| decode | items/s | busy | aim | the report says |\n| --- | --- | --- | --- | --- |\n";
  for (double times : {2.0, 1.25, 0.8}) {
    std::vector<double> busy, rate;
    std::string limit;
    for (int i = 0; i < repeats; ++i) {
      builder b;
      b.add("decode", {},
            decode_params(static_cast<std::int64_t>(2000 * least_seconds),
                          static_cast<std::int64_t>(2e6 / (2000 * times))));
      b.add("net", {0});
      b.add("end", {1});
      auto s = std::make_shared<one_stream_session>();
      s->row_us = 500;
      model_run m = model_of(file, s, 32, 2);
      m.on = any_device();
      std::vector<model_run> models = {{}, m, {}};
      finished f = run_graph(b, models, 2, default_in_flight(b.graph, models, 2));
      busy.push_back(s->computed() / f.seconds);
      rate.push_back(static_cast<double>(f.numbers.done) / f.seconds);
      report r;
      r.seconds = f.seconds;
      r.threads = 2;
      r.in_flight = 1000;
      for (std::size_t k = 0; k < f.numbers.stages.size(); ++k) {
        stage_report stage;
        const stage_numbers& n = f.numbers.stages[k];
        stage.name = b.graph.stages[k].manifest.name;
        stage.busy_seconds = n.busy_seconds;
        stage.parallel = n.parallel;
        stage.batches = n.batches;
        stage.rows = n.rows;
        stage.session_seconds = n.session_seconds;
        r.stages.push_back(stage);
      }
      device_report device;
      device.name = "sim";
      device.busy = s->computed() / f.seconds;
      r.devices.push_back(device);
      find_limit(r, f.spent, 0);
      limit = r.limit;
    }
    double share = median(busy);
    char line[500];
    std::snprintf(line, sizeof line, "| %.2fx | %.0f | %.1f %% | %s | %s |\n", times, median(rate), share * 100,
                  times > 1 ? share >= 0.95 ? ">= 95 %: met" : ">= 95 %: missed" : "decode named", limit.c_str());
    out << line;
    std::fputs(line, stdout);
  }
}

std::string processor() {
  std::ifstream in("/proc/cpuinfo");
  for (std::string line; std::getline(in, line);)
    if (line.rfind("model name", 0) == 0) return line.substr(line.find(':') + 2);
  return "unknown processor";
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: batches RESULTS.md [SECONDS_A_ROW]\n");
    return 64;
  }
  if (argc > 2) least_seconds = std::atof(argv[2]);
  utsname machine{};
  uname(&machine);
  std::ofstream out(argv[1]);
  out << "# Batches\n\n"
      << processor() << ", " << std::thread::hardware_concurrency() << " threads, " << machine.sysname << " "
      << machine.release << ", gcc " << __VERSION__ << ", flowrun " << FLOWRUN_VERSION
      << ". Written by perf/batches.cpp.\n\n";
  measure_cost(out);
  measure_flush(out);
  measure_in_flight(out);
  measure_busy(out);
  return out ? 0 : 74;
}
