#include "live_session.hpp"

#include <new>

#include "../plan/process_limits.hpp"
#include "../run/stage_object.hpp"
#include "default_in_flight.hpp"
#include "early_end.hpp"
#include "fill_progress.hpp"

namespace flowrun::core {

// What a live run cannot do with a graph that a run can; empty: nothing.
static std::string find_refusal(const checked_graph& graph) {
  for (const checked_stage& s : graph.stages)
    if (s.manifest.shape == stage_shape::gather)
      return graph.file + ": stage '" + s.name +
             "' is a gather and needs the store, which a live run has not; take it "
             "out, or run the graph as a flowrun::run";
  // Results hold what nobody reads, and what they hold must then be cached too.
  for (const checked_stage& s : graph.stages)
    for (std::size_t i = 0; s.cache && i < s.kept.size(); ++i)
      if (const output_manifest& o = s.manifest.outputs[i]; s.kept[i] && !o.type.keepable())
        return graph.file + ": stage '" + s.name + "' cannot be cached: results hold its output '" + o.name + "' (" +
               o.type.name + "), which declares no fields; leave out 'cache', or read that output in a stage";
  for (const export_setting& e : graph.exports)
    return graph.file + ": the export '" + e.format +
           "' needs the store, which a live run has not; take it out, or "
           "run the graph as a flowrun::run";
  return "";
}

live_session::live_session(std::shared_ptr<const loaded_graph> loaded, live_options options)
    : loaded_(std::move(loaded)), graph_(loaded_->checked), options_(std::move(options)) {
  threads_ = options_.threads > 0 ? options_.threads : graph_.run.threads > 0 ? graph_.run.threads : usable_cores();
  ram_ = graph_.run.ram > 0 ? graph_.run.ram : available_memory() / 2;
  is_input_.resize(graph_.stages.size());
  for (std::size_t i = 0; i < graph_.stages.size(); ++i) {
    const in_process_stage* own = loaded_->catalog.find_in_process(graph_.stages[i].manifest.use());
    is_input_[i] = own && own->is_input;
    if (is_input_[i]) inputs_at_.push_back(static_cast<int>(i));
  }
  keep_results(graph_);
  bool started = false;
  guarded([&] {
    open();
    if (!flow_) return;
    thread_ = std::thread([this] { run(); });
    started = true;
  });
  if (started) return;
  flow_.reset();
  if (!inputs_) inputs_ = std::make_unique<live_inputs>(inputs_at_.size(), 0, [] { return true; });
  inputs_->end();
  results_.close();
  conclude(stop_kind::none, 0, {});
}

live_session::~live_session() {
  cancel();
  if (thread_.joinable()) thread_.join();
}

// Whatever ends a run early becomes its exit code and one sentence.
template <class Steps> void live_session::guarded(Steps&& steps) {
  try {
    steps();
  } catch (...) {
    const early_end end = explain_exception();
    std::lock_guard lock(mutex_);
    report_.exit_code = end.exit_code;
    report_.message = end.message;
  }
}

void live_session::open() {
  if (const std::string refused = find_refusal(graph_); !refused.empty()) throw start_error(refused, 65);
  code_ = open_stage_code(graph_, loaded_->catalog);
  if (options_.adjust_process)
    for (auto* setup : code_.process_setups) setup(process_options{threads_});
  layout_ = std::make_shared<const result_layout>(plan_results(graph_, code_));
  models_ = std::make_unique<model_sessions>(graph_, loaded_->catalog, loaded_->gpus, threads_, loaded_->cache_folder,
                                             options_.adjust_process);
  for (const std::string& text : models_->notes) note(text);
  in_flight_ = graph_.run.in_flight > 0 ? graph_.run.in_flight : default_in_flight(graph_, models_->runs, threads_);
  inputs_ = std::make_unique<live_inputs>(inputs_at_.size(), in_flight_, [this] { return flow_->draining(); });
  auto flow = std::make_unique<dataflow>(graph_, code_.stages, flow_options());
  flow->open_stages();
  flow_ = std::move(flow);
}

void live_session::note(const std::string& text) {
  log(log_level::info, text);
  std::lock_guard lock(mutex_);
  notes_.push_back(text);
}

stage_context live_session::context(int stage) const {
  const std::string& name = graph_.stages[static_cast<std::size_t>(stage)].name;
  return {name, std::filesystem::absolute(options_.out.empty() ? "." : options_.out).string(),
          [this] { return stopping_.load(); },
          [this, name](log_level level, std::string_view text) { log(level, name + ": " + std::string(text)); }};
}

dataflow_options live_session::flow_options() {
  dataflow_options o;
  o.threads = threads_;
  o.adjust_process = options_.adjust_process;
  o.in_flight = in_flight_;
  o.ram = ram_;
  o.models = models_->runs;
  caches_ = open_caches(graph_, code_.stages, models_->identities, loaded_->cache_folder);
  o.caches = caches_.by_stage;
  o.feeds.resize(graph_.stages.size());
  for (std::size_t i = 0; i < inputs_at_.size(); ++i)
    o.feeds[static_cast<std::size_t>(inputs_at_[i])] = [this, i](bool& over) { return inputs_->take(i, over); };
  o.on_finished = [this](const finished_item& f) { return keep(f); };
  o.context = [this](int stage) { return context(stage); };
  return o;
}

// The body of the run's own thread: a run works also where the host's threads are all busy.
void live_session::run() {
  process_time before = measure_process_time();
  {
    std::lock_guard lock(mutex_);
    began_ = std::chrono::steady_clock::now();
    sampler_ = std::make_unique<run_sampler>(models_->devices);
  }
  std::thread deliverer;
  stop_kind why = stop_kind::none;
  guarded([&] {
    if (options_.on_result) deliverer = std::thread([this] { deliver(); });
    flow_->run();
    for (const std::string& line : caches_.close()) note(line);
    why = flow_->stopped();
    if (why == stop_kind::none) flow_->close_stages();
  });
  const auto left = inputs_->end();
  for (const auto& item : left) results_.put({make_cancelled(item), false, false});
  results_.close();
  if (deliverer.joinable()) deliverer.join();
  sampler_->end();
  process_time after = measure_process_time();
  conclude(why, left.size(), {after.worked - before.worked, after.delayed - before.delayed});
}

void live_session::close() {
  inputs_->close();
  if (flow_) flow_->wake();
}

void live_session::cancel() {
  stopping_ = true;
  if (!flow_) return;
  flow_->drain(stop_kind::asked, "cancelled");
  flow_->cancel();
  inputs_->look_again();
}

report live_session::wait() {
  forbid_in_callback("wait() waits for the callback's own end");
  std::unique_lock lock(mutex_);
  over_changed_.wait(lock, [this] { return over_; });
  return report_;
}

bool live_session::is_over() const {
  std::lock_guard lock(mutex_);
  return over_;
}

progress live_session::now() const {
  progress p;
  std::lock_guard lock(mutex_);
  p.phase = over_ ? "ended" : "items";
  if (!flow_) return p;
  if (sampler_) sampler_->fill(p);
  fill_progress(p, flow_->numbers(), began_);
  if (over_) p.seconds = report_.seconds;
  return p;
}

}  // namespace flowrun::core
