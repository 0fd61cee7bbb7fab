// Which finished items have to run again because a stage has a memory: of a stream's earlier items, or of the one
// before.
#include <algorithm>

#include "run_session.hpp"

namespace flowrun::core {

static bool is_serial(const checked_stage& s) {
  return s.manifest.serial && s.manifest.shape != stage_shape::gather;
}

// Texts say where media are; numbers and switches which of their frames are items.
static std::string listing_digest(const checked_stage& source) {
  fingerprint_hash h;
  h.add(static_cast<std::int64_t>(source.manifest.version));
  for (std::size_t i = 0; i < source.params.size(); ++i) {
    const param_manifest& param = source.manifest.params[i];
    if (!param.listing || param.type == param_type::text || param.type == param_type::texts) continue;
    h.add(param.name);
    add_value(h, source.params[i]);
  }
  return h.bytes();
}

void run_session::plan_replays() {
  replays_.assign(graph_.stages.size(), {});
  for (std::size_t i = 0; i < graph_.stages.size(); ++i) {
    const checked_stage& s = graph_.stages[i];
    if (s.manifest.shape == stage_shape::source) replays_[i].listing = listing_digest(s);
    // A window that reads from a source straight away needs one frame more, which the source's reader has anyway.
    bool behind_others =
        s.manifest.shape == stage_shape::window &&
        std::any_of(s.inputs.at(0).begin(), s.inputs.at(0).end(), [this](port_index from) {
          return graph_.stages[static_cast<std::size_t>(from.stage)].manifest.shape != stage_shape::source;
        });
    for (int source : s.sources) {
      source_replay& r = replays_[static_cast<std::size_t>(source)];
      r.serial = r.serial || is_serial(s);
      r.whole = r.whole || (is_serial(s) && s.manifest.span == scope::run);
      r.sequences = r.sequences || is_serial(s) || behind_others;
    }
  }
}

// What such an item must pass: all that stages with a memory read from, and the serial ones themselves.
std::vector<bool> run_session::needed_for_replay() const {
  std::vector<bool> needed(graph_.stages.size());
  for (std::size_t i = graph_.stages.size(); i-- > 0;) {
    const checked_stage& s = graph_.stages[i];
    if (is_serial(s)) needed[i] = true;
    if (!needed[i] && s.manifest.shape != stage_shape::window) continue;
    for (const auto& input : s.inputs)
      for (port_index from : input) needed[static_cast<std::size_t>(from.stage)] = true;
  }
  return needed;
}

const ledger_entry* run_session::recorded(int source, const std::string& stream, const item_ref& ref) const {
  return store_ ? store_->find(graph_.stages[static_cast<std::size_t>(source)].name, stream, ref.key) : nullptr;
}

bool run_session::must_run(const ledger_entry* e, const item_ref& ref) const {
  return !e || !e->current || e->size != ref.size || e->mtime_ns != ref.mtime_ns ||
         (options_.retry_failed && e->status == item_status::failed);
}

stream_end run_session::end_of(int source, const item_ref& medium, std::uint64_t frames) const {
  auto at = static_cast<std::size_t>(source);
  return {graph_.stages[at].name, medium.key, medium.size, medium.mtime_ns, frames, replays_[at].listing};
}

std::optional<std::uint64_t> run_session::finished_stream(int source, const item_ref& medium, std::uint64_t most) {
  const source_replay& r = replays_[static_cast<std::size_t>(source)];
  if (!store_ || (r.whole && r.dirty)) return std::nullopt;
  const stream_end end = end_of(source, medium, 0);
  const auto known = store_->find_finished(end, options_.retry_failed);
  if (!known || known->frames > most) return std::nullopt;
  store_->mark_stream_seen(end);
  already_failed_ += known->failed;
  return known->frames;
}

admission_decision run_session::decide(int source, const std::string& stream, const item_ref& ref) {
  const ledger_entry* entry = recorded(source, stream, ref);
  if (!entry) return {};
  store_->mark_seen(*entry);
  if (must_run(entry, ref)) return {admission::fresh, entry->id};
  const source_replay& r = replays_[static_cast<std::size_t>(source)];
  bool replay = stream.empty() ? r.serial && (r.dirty_set || (r.whole && r.dirty)) : r.sequences;
  if (entry->status == item_status::failed) ++already_failed_;
  return {replay ? admission::replayed : admission::already, entry->id, entry->status == item_status::failed};
}

}  // namespace flowrun::core
