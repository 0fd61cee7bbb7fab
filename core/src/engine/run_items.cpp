// The items of a run: which of them are read, and how a finished one reaches the store.
#include <algorithm>
#include <numeric>

#include "../store/fingerprint.hpp"
#include "../store/key_text.hpp"
#include "run_files.hpp"
#include "run_session.hpp"

namespace flowrun::core {

stage_context run_session::context(int stage) const {
  const std::string& name = graph_.stages[static_cast<std::size_t>(stage)].name;
  return {name, std::filesystem::absolute(folder_).string(), [this] { return stop_asked_.load(); },
          [this, name](log_level level, std::string_view text) { log_.write(level, name + ": " + std::string(text)); }};
}

commit_unit run_session::make_unit(const finished_item& f) const {
  const item& it = *f.in_flight;
  commit_unit u;
  u.known_id = it.known_id;
  u.item = {graph_.stages[static_cast<std::size_t>(it.source)].name,
            it.stream->name,
            it.ref->key,
            it.seq,
            it.ref->size,
            it.ref->mtime_ns,
            it.ref->time_ns};
  u.status = f.end == item_end::failed ? item_status::failed
             : f.end == item_end::done ? item_status::done
                                       : item_status::skipped;
  if (f.reason_stage >= 0) {
    u.reason = it.slots[static_cast<std::size_t>(f.reason_stage)].reason;
    if (f.end == item_end::failed) u.error_stage = graph_.stages[static_cast<std::size_t>(f.reason_stage)].name;
  }
  std::size_t first_value = 0;
  int stage = 0;
  for (std::size_t i = 0; i < outcomes_.outcomes.size(); ++i) {
    stage_outcome at = outcomes_.where[i];
    if (outcomes_.outcomes[i].gathered) continue;
    const auto& sources = graph_.stages[static_cast<std::size_t>(at.stage)].sources;
    if (std::find(sources.begin(), sources.end(), it.source) == sources.end()) continue;
    for (; stage < at.stage; ++stage)
      first_value += graph_.stages[static_cast<std::size_t>(stage)].manifest.outputs.size();
    const slot& answer = it.slots[static_cast<std::size_t>(at.stage)];
    outcome_row row;
    row.outcome = i;
    row.answered = answer.answered.load(std::memory_order_acquire);
    if (row.answered == status::value && at.port >= 0) {
      const payload& held = it.values[first_value + static_cast<std::size_t>(at.port)].held;
      code_.stages[static_cast<std::size_t>(at.stage)]->outputs[static_cast<std::size_t>(at.port)].type->encode(
          held.value.get(), row.blob);
    } else if (row.answered != status::value && answer.origin >= 0) {
      row.reason = it.slots[static_cast<std::size_t>(answer.origin)].reason;
    }
    u.rows.push_back(std::move(row));
  }
  return u;
}

void run_session::remember_failure(const finished_item& f) {
  const item& it = *f.in_flight;
  const std::string& stage = graph_.stages[static_cast<std::size_t>(f.reason_stage)].name;
  const std::string reason = show_text(it.slots[static_cast<std::size_t>(f.reason_stage)].reason);
  const std::string key = show_key(it.ref->key);
  log_.write(log_level::warning, key + ": " + stage + ": " + reason);
  std::lock_guard lock(mutex_);
  if (failures_.size() < 10)
    failures_.push_back({key, graph_.stages[static_cast<std::size_t>(it.source)].name, stage, reason});
}

bool run_session::keep(const finished_item& f) {
  if (f.end == item_end::cancelled || f.in_flight->mode != admission::fresh) return true;
  if (f.end == item_end::failed) remember_failure(f);
  if (!writer_) return true;
  return writer_->push(make_unit(f));
}

dataflow_options run_session::flow_options() {
  dataflow_options o;
  o.threads = threads_;
  o.adjust_process = options_.adjust_process;
  o.in_flight = in_flight_;
  o.ram = ram_;
  if (models_) o.models = models_->runs;
  if (!options_.measure_only) caches_ = open_caches(graph_, code_.stages, identities_, loaded_->cache_folder);
  o.caches = caches_.by_stage;
  plan_replays();
  o.needed_for_replay = needed_for_replay();
  o.decide = [this](int source, const std::string& stream, const item_ref& ref) { return decide(source, stream, ref); };
  o.finished_stream = [this](int source, const item_ref& medium, std::uint64_t most) {
    return finished_stream(source, medium, most);
  };
  o.on_stream_ended = [this](int source, const item_ref& medium, std::uint64_t frames) {
    if (!writer_) return;
    commit_unit u;
    u.ended = end_of(source, medium, frames);
    writer_->push(std::move(u));
  };
  o.on_finished = [this](const finished_item& f) { return keep(f); };
  o.context = [this](int stage) { return context(stage); };
  for (const source_replay& r : replays_) o.list_ahead.push_back(store_ && r.serial);
  // A serial stage remembers what went before: one item to do means the whole stream again.
  o.look = [this](int source, const item_ref& ref) {
    source_replay& r = replays_[static_cast<std::size_t>(source)];
    bool to_do = ref.sequence ? !store_->find_finished(end_of(source, ref, 0), options_.retry_failed)
                              : must_run(recorded(source, "", ref), ref);
    r.dirty = r.dirty || to_do;
    r.dirty_set = r.dirty_set || (to_do && !ref.sequence);
  };
  return o;
}

void run_session::run_items() {
  {
    auto flow = std::make_unique<dataflow>(graph_, code_.stages, flow_options());
    std::lock_guard lock(mutex_);
    flow_ = std::move(flow);
    if (stop_asked_) flow_->drain(stop_kind::asked, "stopped");
  }
  // Only now: a folder that is not there must not replace what an earlier run of this directory was.
  write_run_files(folder_, graph_, {loaded_->plugin_folders, loaded_->model_folders}, threads_);
  if (store_) {
    writer_options w;
    w.on_committed = [this](std::size_t owed) { flow_->give_places(owed); };
    w.on_failed = [this](const std::string& text) { flow_->drain(stop_kind::run_error, text); };
    writer_ = std::make_unique<store_writer>(*store_, std::move(w));
  }
  {
    auto sampler = std::make_unique<run_sampler>(models_->devices);
    std::lock_guard lock(mutex_);
    sampler_ = std::move(sampler);
  }
  phase_ = "items";
  process_time before = measure_process_time();
  items_began_ = std::chrono::steady_clock::now();
  flow_->list_ahead();
  std::vector<bool> idle;
  for (const source_replay& r : replays_) idle.push_back(store_ && r.serial && !r.dirty);
  flow_->open_stages(idle);
  flow_->run();
  if (writer_) writer_->finish();
  for (const std::string& line : caches_.close()) note(line);
  item_seconds_ = std::chrono::duration<double>(std::chrono::steady_clock::now() - items_began_).count();
  sampler_->end();
  process_time after = measure_process_time();
  spent_ = {after.worked - before.worked, after.delayed - before.delayed};
  if (flow_->stopped() != stop_kind::none) return;
  flow_->close_stages();
  if (!store_) return;
  for (const checked_stage& s : graph_.stages)
    if (s.manifest.shape == stage_shape::source) missing_ += store_->mark_missing(s.name);
}

}  // namespace flowrun::core
