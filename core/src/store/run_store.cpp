#include "run_store.hpp"

#include "run_directory.hpp"
#include "store_state.hpp"

namespace flowrun::core {

run_store::state::state(opened_database opened, std::vector<outcome> outcomes)
    : owned(std::move(opened.db)),
      db(*owned),
      journal_note(std::move(opened.journal_note)),
      sources(db, "sources", "name"),
      stages(db, "stages", "name"),
      reasons(db, "reasons", "text"),
      fingerprints(db, "fingerprints", "hash"),
      find_stream(db, "SELECT id FROM streams WHERE source = ?1 AND medium = ?2", "look up a stream"),
      add_stream(db, "INSERT INTO streams(source, medium) VALUES(?1, ?2)", "write a stream"),
      end_stream(db, "UPDATE streams SET frames = ?2, size = ?3, mtime_ns = ?4, listing = ?5 WHERE id = ?1",
                 "write a stream's end"),
      add_item(db,
               "INSERT INTO items(stream, seq, key, size, mtime_ns, time_ns, status, reason, error_stage) "
               "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
               "write an item"),
      find_item(db, "SELECT size, mtime_ns FROM items WHERE id = ?1", "look up an item"),
      update_item(db,
                  "UPDATE items SET seq = ?2, size = ?4, mtime_ns = ?5, time_ns = ?6, status = ?7, reason = ?8, "
                  "error_stage = ?9, gone = 0 WHERE id = ?10",
                  "write an item") {
  set_up_outcomes(std::move(outcomes));
}

std::unique_ptr<run_store> run_store::open(const std::filesystem::path& run_directory, std::vector<outcome> outcomes,
                                           journal_mode journal) {
  prepare_run_directory(run_directory);
  std::unique_ptr<run_store> store(new run_store());
  store->s_ =
      std::make_unique<state>(open_for_writing(run_directory, journal == journal_mode::rollback), std::move(outcomes));
  return store;
}

run_store::~run_store() = default;

const std::string& run_store::journal_note() const {
  return s_->journal_note;
}

const ledger_entry* run_store::find(std::string_view source, std::string_view stream, std::string_view key) const {
  return s_->items.find(source, stream, key);
}

void run_store::mark_seen(const ledger_entry& entry) {
  // Ours, and every source marks its own only.
  const_cast<ledger_entry&>(entry).seen = true;
}

std::optional<run_store::finished_frames> run_store::find_finished(const stream_end& end, bool without_failed) const {
  const ledger::stream_entry* known = s_->items.find_stream(end.source, end.medium);
  if (!known || !known->ended || known->size != end.size || known->mtime_ns != end.mtime_ns ||
      known->listing != end.listing || known->current != known->frames || (without_failed && known->failed > 0))
    return std::nullopt;
  return finished_frames{known->frames, known->failed};
}

void run_store::mark_stream_seen(const stream_end& end) {
  if (ledger::stream_entry* known = s_->items.find_stream(end.source, end.medium)) known->seen = true;
}

std::uint64_t run_store::mark_missing(const std::string& source) {
  std::lock_guard lock(s_->mutex);
  transaction whole(s_->db);
  statement set_gone(s_->db, "UPDATE items SET gone = ?1 WHERE id = ?2", "mark missing items");
  std::vector<ledger_entry*> changed;
  std::uint64_t gone = 0;
  for (std::size_t r = 0; r < s_->items.size(); ++r) {
    ledger_entry& entry = s_->items.entry(r);
    if (s_->items.source_of(r) != source) continue;
    bool seen = entry.seen || (!entry.gone && s_->items.stream(s_->items.stream_of(r)).seen);
    if (!seen) ++gone;
    if (seen != entry.gone) continue;
    set_gone.bind(1, seen ? 0 : 1).bind(2, entry.id).run();
    changed.push_back(&entry);
  }
  whole.commit();
  for (ledger_entry* entry : changed) entry->gone = !entry->gone;
  return gone;
}

}  // namespace flowrun::core
