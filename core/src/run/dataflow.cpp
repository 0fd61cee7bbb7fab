#include "dataflow.hpp"

#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/task_arena.h>

#include <algorithm>
#include <optional>

#include "../device/device_state.hpp"
#include "build_graph.hpp"
#include "plan_items.hpp"
#include "run_state.hpp"
#include "seam.hpp"

namespace flowrun::core {

struct dataflow::parts {
  // oneTBB starts no more threads than there are cores unless the process allows it.
  std::optional<oneapi::tbb::global_control> allowance;
  run_state state;
  oneapi::tbb::task_arena arena;
  std::unique_ptr<node_graph> graph;
  std::uint64_t total = 0;

  parts(const checked_graph& g, dataflow_options o) : state(g, std::move(o)), arena(state.options.threads) {
    using oneapi::tbb::global_control;
    auto wanted = static_cast<std::size_t>(state.options.threads);
    if (state.options.adjust_process && wanted > global_control::active_value(global_control::max_allowed_parallelism))
      allowance.emplace(global_control::max_allowed_parallelism, wanted);
  }
};

dataflow::dataflow(const checked_graph& graph, std::vector<const stage_info*> code, dataflow_options options)
    : p_(std::make_unique<parts>(graph, std::move(options))) {
  run_state& run = p_->state;
  plan_items(run, code);
  for (int source : run.sources) {
    stage_state& s = run.stages[static_cast<std::size_t>(source)];
    s.object = run.make_object(s);
    if (s.code->total) p_->total += s.code->total(s.object->get());
  }
  for (stage_state& s : run.stages) {
    if (!s.code || !s.code->call_start || run.draining.load()) continue;
    s.object = run.make_object(s);
    run.start_stage(s);
  }
  p_->arena.execute([this] { p_->graph = std::make_unique<node_graph>(p_->state); });
}

dataflow::~dataflow() {
  // Nodes go first, inside their arena; then items, then objects; libraries are never closed.
  p_->arena.execute([this] { p_->graph.reset(); });
}

void dataflow::list_ahead() {
  run_state& run = p_->state;
  run.listed_ahead.resize(run.stages.size());
  for (int source : run.sources) {
    auto at = static_cast<std::size_t>(source);
    if (run.options.list_ahead.empty() || !run.options.list_ahead[at]) continue;
    std::deque<std::shared_ptr<item_ref>> refs;
    while (auto ref = run.ask_source(at)) {
      run.options.look(source, *ref);
      refs.push_back(std::move(ref));
    }
    run.listed_ahead[at] = std::move(refs);
  }
}

void dataflow::open_stages(const std::vector<bool>& idle_sources) {
  run_state& run = p_->state;
  auto idle = [&](int source) { return !idle_sources.empty() && idle_sources[static_cast<std::size_t>(source)]; };
  for (stage_state& s : run.stages) {
    if (!s.code || s.object || s.has_object_by_stream()) continue;
    if (!std::all_of(s.spec->sources.begin(), s.spec->sources.end(), idle)) s.object = run.make_object(s);
  }
  // The set of stills of each source: made now, so that a serial stage that cannot start is told before the run.
  for (int source : run.sources)
    if (!idle(source)) run.set_of(source);
}

namespace {

// The model stages count their time without rows while this lives.
class batch_clocks {
 public:
  explicit batch_clocks(run_state& run) : run_(run) {
    for (int i : run_.models) run_.stages[static_cast<std::size_t>(i)].model->begin();
  }
  ~batch_clocks() {
    for (int i : run_.models) run_.stages[static_cast<std::size_t>(i)].model->end();
  }
  batch_clocks(const batch_clocks&) = delete;
  batch_clocks& operator=(const batch_clocks&) = delete;

 private:
  run_state& run_;
};

}  // namespace

void dataflow::run() {
  p_->arena.execute([this] {
    run_state& run = p_->state;
    const batch_clocks clocks(run);
    {
      std::lock_guard lock(run.places_mutex);
      run.feeding = !run.draining.load() && std::any_of(run.options.feeds.begin(), run.options.feeds.end(),
                                                        [](const auto& feed) { return feed != nullptr; });
      if (run.feeding) run.reserve_wait();
    }
    try {
      run.unit_up();
      for (int i = 0; i < run.options.in_flight; ++i) run.place();
      run.unit_down();
      p_->graph->wait();
    } catch (...) {
      run.draining.store(true);
      run.stop_waiting();
      throw;
    }
  });
}

void dataflow::drain(stop_kind why, const std::string& text) {
  p_->state.stop(why, text);
}
void dataflow::cancel() {
  p_->state.cancelled.store(true);
  p_->state.draining.store(true);
  p_->state.stop_waiting();
}

void dataflow::wake() {
  p_->state.work_came();
}
std::size_t dataflow::waiting_places() const {
  std::lock_guard lock(p_->state.places_mutex);
  return static_cast<std::size_t>(p_->state.waiting);
}

void dataflow::give_places(std::size_t n) {
  run_state& run = p_->state;
  for (; n > 0; --n) {
    if (!planted(planted_bug::place_lost)) run.place();
    run.unit_down();
    run.release_wait();
  }
}

stop_kind dataflow::stopped() const {
  std::lock_guard lock(p_->state.stop_mutex);
  return p_->state.why_stopped;
}
std::string dataflow::stop_text() const {
  std::lock_guard lock(p_->state.stop_mutex);
  return p_->state.stop_text;
}
bool dataflow::draining() const {
  return p_->state.draining.load();
}

static void fill_device(stage_numbers& m, const device_stage& d) {
  m.session_seconds = static_cast<double>(d.session_ns) * 1e-9;
  // On a device nobody's thread is busy with the networks.
  if (d.setup.on) m.busy_seconds = std::max(0.0, m.busy_seconds - m.session_seconds);
  m.batches = d.calls;
  m.rows = d.rows;
  m.out_of_memory = d.out_of_memory;
  m.wait_seconds = static_cast<double>(d.wait_ns) * 1e-9;
  m.device = d.setup.on ? d.setup.on->name() : "cpu";
  m.calling_seconds = d.calling.seconds();
  m.slots = d.setup.slots;
  m.peak_slots = d.peak_slots;
  m.batch = m.ceiling = 1;
  for (const lane_network& n : d.setup.networks) {
    const session_figures f = n.session->figures();
    m.figures.copy_in_seconds += f.copy_in_seconds;
    m.figures.copy_out_seconds += f.copy_out_seconds;
    // It may be of all sessions of the process: a sum would count them several times.
    m.figures.reserved_bytes = std::max(m.figures.reserved_bytes, f.reserved_bytes);
  }
}

dataflow_numbers dataflow::numbers() const {
  const run_state& run = p_->state;
  dataflow_numbers n;
  n.read = run.read;
  n.done = run.done;
  n.skipped = run.skipped;
  n.failed = run.failed;
  n.cancelled = run.cancelled_items;
  n.already = run.already;
  n.replayed = run.replayed;
  n.context = run.context;
  n.total = p_->total;
  n.peak_in_flight = run.peak_live;
  n.peak_bytes = run.peak_bytes;
  {
    std::lock_guard lock(p_->state.ram_mutex);
    n.reads_withheld = run.reads_withheld;
    n.largest_item = run.largest_item;
  }
  n.sources_ended = run.ended;
  if (run.ended) n.source_ended = run.source_ended;
  for (const stage_state& s : run.stages) {
    const stage_counters& c = *s.counters;
    stage_numbers m;
    m.calls = c.calls;
    m.values = c.values;
    m.skips = c.skips;
    m.errors = c.errors;
    m.retries = c.retries;
    m.cached = c.cached;
    m.busy_seconds = static_cast<double>(c.busy_ns) * 1e-9;
    m.peak_calls = c.peak;
    m.parallel = s.parallel;
    if (s.model) {
      const batcher& b = *s.model;
      m.busy_seconds += static_cast<double>(s.finish_counters->busy_ns) * 1e-9;
      // In the run's own threads a session is work of the stage; on a device nobody's thread is busy with it.
      if (!b.setup.on) m.busy_seconds += static_cast<double>(b.session_ns) * 1e-9;
      m.peak_calls = std::max(m.peak_calls, s.finish_counters->peak.load());
      m.batches = b.batches;
      m.rows = b.rows;
      m.holes = b.holes;
      m.out_of_memory = b.out_of_memory;
      m.full = b.full;
      m.half = b.half;
      m.quiet = b.quiet;
      m.displaced = b.displaced;
      m.session_seconds = static_cast<double>(b.session_ns) * 1e-9;
      m.wait_seconds = static_cast<double>(b.wait_ns) * 1e-9;
      m.rowless_seconds = b.rowless_seconds();
      for (const auto& batches : b.eighths) m.eighths.push_back(batches);
      m.device = b.setup.on ? b.setup.on->name() : "cpu";
      if (b.setup.session) m.figures = b.setup.session->figures();
      m.calling_seconds = b.calling.seconds();
      m.slots = b.setup.slots;
      m.peak_slots = b.peak_slots;
      m.batch = b.setup.batch;
      m.ceiling = b.ceiling();
    }
    if (s.device) fill_device(m, *s.device);
    n.stages.push_back(m);
  }
  return n;
}

void dataflow::close_stages() {
  run_state& run = p_->state;
  // Of a sequence they were ended with its last item.
  for (auto& set : run.sets)
    if (set)
      for (auto& part : set->parts)
        if (part && part->object) part->object->close();
  for (stage_state& s : run.stages)
    if (s.object) s.object->close();
}

}  // namespace flowrun::core
