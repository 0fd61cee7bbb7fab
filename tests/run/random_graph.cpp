#include "random_graph.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <random>
#include <thread>

#include "device/device_state.hpp"
#include "foretell.hpp"
#include "random_models.hpp"
#include "run/dataflow.hpp"
#include "run/run_state.hpp"

namespace flowrun::core {

using namespace random_stages;

namespace {

const std::vector<stage_info>& stage_kinds() {
  static const std::vector<stage_info> kinds = [] {
    auto k = random_stages::all();
    for (stage_info& m : random_stages::model_stages()) k.push_back(std::move(m));
    for (stage_info& m : random_stages::sequence_stages()) k.push_back(std::move(m));
    return k;
  }();
  return kinds;
}

void add_stage(planned_graph& p, generator& g, const std::string& kind, odds chances, int jitter_mode) {
  const stage_info& code =
      *std::find_if(stage_kinds().begin(), stage_kinds().end(), [&](const stage_info& s) { return s.name == kind; });
  auto number = static_cast<int>(p.graph.stages.size());
  checked_stage s;
  s.name = kind + std::to_string(number);
  s.manifest = make_manifest("test", code);
  for (const param_info& param : code.params) s.params.push_back(param.default_value);
  s.params[0] = std::int64_t{number};
  s.params[1] = std::int64_t{chances.skip_percent};
  s.params[2] = std::int64_t{chances.error_percent};
  s.params[3] = std::int64_t{jitter_mode};
  s.sources = {0};
  s.kept.assign(code.outputs.size(), false);
  for (std::size_t o = 0; o < s.kept.size(); ++o) s.kept[o] = g.below(4) == 0;
  s.parallel = code.shape == stage_shape::source || g.below(2) ? 0 : s.manifest.serial ? 1 : 1 + g.below(8);
  if (kind == "ordered_sink") s.keep_order = true;
  if (code.shape != stage_shape::source) s.every = static_cast<std::uint64_t>(g.one_of(1, 1, 1, 1, 2, 3));
  for (const input_info& input : code.inputs) {
    std::vector<port_index> from;
    if (!input.optional || g.below(3) != 0) {
      // Mostly the stage before, so that chains get long; sinks give nothing to read.
      int candidate = g.below(2) ? number - 1 : g.below(number);
      while (p.graph.stages[static_cast<std::size_t>(candidate)].manifest.outputs.empty())
        candidate = g.below(candidate);
      int outputs = static_cast<int>(p.graph.stages[static_cast<std::size_t>(candidate)].manifest.outputs.size());
      from.push_back({candidate, g.below(outputs)});
    }
    s.inputs.push_back(from);
  }
  p.graph.stages.push_back(std::move(s));
  p.code.push_back(&code);
  p.chances.push_back(chances);
}

planned_graph plan_graph(generator& g, int items) {
  planned_graph p;
  int jitter_mode = g.below(4), skip = g.one_of(0, 5, 20), error = g.one_of(0, 3, 10);
  const int sequences = g.below(3) ? 0 : 1 + g.below(5);
  add_stage(p, g, sequences ? "media_source" : "source", {g.one_of(0, 5), g.one_of(0, 5)}, jitter_mode);
  p.graph.stages[0].params[4] = std::int64_t{items};
  p.graph.stages[0].params[5] = std::int64_t{g.one_of(0, 0, 50)};
  if (sequences) {
    p.graph.stages[0].params[6] = std::int64_t{sequences};
    p.media = share_out(static_cast<std::uint64_t>(items), sequences);
    // Before all models: what their sessions fail at random cannot be foretold of the item before.
    for (int windows = g.below(4); windows > 0; --windows) {
      if (g.below(2)) add_stage(p, g, "one", {skip, error}, jitter_mode);
      add_stage(p, g, "window", {skip, error}, jitter_mode);
    }
  }
  int inner = 1 + g.below(8);
  for (int i = 0; i < inner; ++i) {
    const char* kinds[] = {"one", "one", "two", "two", "three", "maybe", "serial", "serial_run", "sink"};
    bool model = g.below(3) == 0;
    if (!model) {
      add_stage(p, g, kinds[g.below(9)], {skip, error}, jitter_mode);
      continue;
    }
    const char* models[] = {"model", "model_two", "lane"};
    add_stage(p, g, models[g.below(3)], {skip, error}, jitter_mode);
    p.graph.stages.back().params[4] = std::int64_t{g.one_of(0, 1, 3, 20)};
    p.graph.stages.back().params[5] = std::int64_t{g.below(3)};
  }
  add_stage(p, g, "ordered_sink", {0, error}, jitter_mode);
  for (std::size_t i = 0; i < p.graph.stages.size(); ++i) {
    const checked_stage& s = p.graph.stages[i];
    const bool model = s.manifest.shape == stage_shape::model, lanes = s.manifest.shape == stage_shape::device;
    const auto number = static_cast<int>(i);
    const auto sizes = model || lanes ? static_cast<row_sizes>(std::get<std::int64_t>(s.params[5])) : row_sizes::one;
    p.models.push_back(model   ? plan_model(g, number, jitter_mode, sizes)
                       : lanes ? plan_lanes(g, number, jitter_mode, sizes)
                               : model_run{});
  }
  return p;
}

// Holds finished items to what was foretold, and now and then owes their places for a while, as a store does.
class judge {
 public:
  judge(const planned_graph& p, int items, bool owes) : plan_(p), seen_(static_cast<std::size_t>(items)), owes_(owes) {}

  bool look_at(const finished_item& f) {
    const item& it = *f.in_flight;
    if (seen_.at(it.seq).fetch_add(1) != 0) return complain("an item finished twice");
    bool cancelled = f.end == item_end::cancelled;
    auto expected = foretell(plan_, it.seq, plan_.code.size(), &it);
    for (std::size_t i = 0; i < expected.size(); ++i) {
      status got = it.slots[i].answered.load();
      if (got == status::none) return complain("a stage did not answer");
      if (got == status::cancelled) continue;
      if (cancelled) continue;  // stages after a cancelled one answer otherwise
      if (got != expected[i].answered) return complain("a stage answered otherwise than foretold");
    }
    if (!cancelled && f.end != foretell_end(plan_, expected)) return complain("an item ended otherwise than foretold");
    std::size_t v = 0;
    for (std::size_t i = 0; i < expected.size(); ++i)
      for (std::size_t o = 0; o < plan_.graph.stages[i].kept.size(); ++o, ++v) {
        if (!plan_.graph.stages[i].kept[o] || it.slots[i].answered.load() != status::value) continue;
        const auto* n = static_cast<const number*>(it.values[v].held.value.get());
        if (!n) return complain("a kept value was released");
        if (n->value != expected[i].value + static_cast<double>(o) * 0.5 && !cancelled)
          return complain("a kept value is not what was foretold");
      }
    if (!owes_ || it.seq % 3 != 0) return true;
    std::lock_guard lock(mutex_);
    ++owed_;
    return false;
  }
  std::size_t take_owed() {
    std::lock_guard lock(mutex_);
    return std::exchange(owed_, 0);
  }
  std::uint64_t finished() const {
    std::uint64_t n = 0;
    for (const auto& s : seen_) n += static_cast<std::uint64_t>(s.load());
    return n;
  }
  const char* fault() const { return fault_; }

 private:
  bool complain(const char* what) {
    fault_ = what;
    return true;
  }
  const planned_graph& plan_;
  std::vector<std::atomic<int>> seen_;
  bool owes_;
  std::mutex mutex_;
  std::size_t owed_ = 0;
  std::atomic<const char*> fault_{nullptr};
};

std::string compare(const planned_graph& p, const dataflow& flow, const judge& j, int items, int in_flight,
                    bool stopped) {
  dataflow_numbers n = flow.numbers();
  if (random_stages::violation.load()) return random_stages::violation.load();
  if (j.fault()) return j.fault();
  if (flow.stopped() == stop_kind::internal_error) return "false stall: " + flow.stop_text();
  if (n.read != n.done + n.skipped + n.failed + n.cancelled)
    return "read " + std::to_string(n.read) + " != done + skipped + failed + cancelled";
  if (j.finished() != n.read) return "not every item read was finished";
  if (!stopped && n.read != static_cast<std::uint64_t>(items)) return "not every item was read";
  if (n.peak_in_flight > in_flight)
    return "peak in flight " + std::to_string(n.peak_in_flight) + " over " + std::to_string(in_flight);
  for (const stage_numbers& s : n.stages)
    if (s.peak_slots > s.slots) return "more batches past the limiter than slots";
  for (const model_run& m : p.models)
    if (m.on && m.on->peak_taken() > m.on->pool()) return "more bytes taken than the device's pool has";
  for (const model_run& m : p.models)
    if (m.release && (releases_of(m) > 1 || (!stopped && releases_of(m) != 1)))
      return "the sessions of a stage were given back " + std::to_string(releases_of(m)) + " times";
  for (const stage_numbers& s : n.stages)
    if (s.peak_calls > s.parallel) return "more calls of a stage at once than planned";
  return {};
}

}  // namespace

random_run_result run_random_graph(std::uint64_t seed, int most_items) {
  generator g(seed);
  int items = g.below(6) == 0 ? g.below(4) : 1 + g.below(most_items);
  planned_graph p = plan_graph(g, items);
  dataflow_options o;
  o.threads = g.one_of(1, 2, 4, 8);
  o.in_flight = g.one_of(1, 2, 3, 8, 64, 200);
  o.models = p.models;
  o.ram = g.below(4) == 0 ? static_cast<std::uint64_t>(100 + g.below(4000)) : 0;
  judge j(p, items, g.below(3) == 0);
  o.on_finished = [&j](const finished_item& f) { return j.look_at(f); };
  int stop_at = g.below(6) == 0 ? g.below(items + 1) : -1;
  bool cancel = g.below(2) == 0;
  dataflow* running = nullptr;
  std::atomic<int> decided{0};
  o.decide = [&](int, const std::string&, const item_ref&) {
    if (decided++ == stop_at) {
      running->drain(stop_kind::asked, "test");
      if (cancel) running->cancel();
    }
    return admission_decision{};
  };
  random_stages::violation = nullptr;
  dataflow flow(p.graph, p.code, o);
  running = &flow;
  std::atomic<bool> over{false};
  std::thread lender([&] {
    while (!over.load()) {
      flow.give_places(j.take_owed());
      std::this_thread::sleep_for(std::chrono::microseconds(50));
    }
  });
  flow.open_stages();
  flow.run();
  over = true;
  lender.join();
  random_run_result r{compare(p, flow, j, items, o.in_flight, stop_at >= 0), j.finished(), 0, 0, 0, 0};
  for (const stage_numbers& s : flow.numbers().stages) {
    r.rows += s.rows;
    r.holes += s.holes;
    r.displaced += s.displaced;
    r.out_of_memory += s.out_of_memory;
  }
  return r;
}

}  // namespace flowrun::core
