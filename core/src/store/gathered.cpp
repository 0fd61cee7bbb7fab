// What gathers read and write.
#include "fingerprint.hpp"
#include "store_state.hpp"

namespace flowrun::core {
namespace {

// Calls visit(item, key, blob) in item order.
template <class F> void visit_values(database& db, const answers& a, std::int64_t stream, F&& visit) {
  statement rows(db,
                 std::string("SELECT i.id, i.key, v.value FROM") + items_with_names + " JOIN " + a.table +
                     " v ON v.item = i.id WHERE v.fingerprint = ?1 AND v.status = 1 AND i.gone = 0" +
                     (stream ? " AND i.stream = ?2" : "") + " ORDER BY" + item_order,
                 "read the values");
  rows.bind(1, a.fingerprint);
  if (stream) rows.bind(2, stream);
  while (rows.step()) visit(rows.number(0), rows.bytes(1), rows.bytes(2));
}

}  // namespace

std::vector<table_row> run_store::read_table(std::size_t outcome, std::int64_t stream) const {
  std::lock_guard lock(s_->mutex);
  std::vector<table_row> table;
  visit_values(s_->db, s_->tables.at(outcome), stream,
               [&table](std::int64_t item, std::string_view key, std::string_view blob) {
                 table.push_back(table_row{item, std::string(key), std::string(blob)});
               });
  return table;
}

std::string run_store::table_digest(std::size_t outcome) const {
  std::lock_guard lock(s_->mutex);
  fingerprint_hash hash;
  visit_values(s_->db, s_->tables.at(outcome), 0, [&hash](std::int64_t, std::string_view key, std::string_view blob) {
    hash.add(key).add(blob.data(), blob.size());
  });
  return hash.bytes();
}

void run_store::write_gathered(std::size_t outcome, const std::string& input_digest,
                               const std::vector<outcome_row>& values, const std::vector<std::int64_t>& items) {
  state& s = *s_;
  answers& a = s.tables.at(outcome);
  bool single = items.empty() && values.size() == 1;  // of the whole run
  if (!single && values.size() != items.size())
    throw store_error("gather '" + a.what.stage + "' gave " + std::to_string(values.size()) + " values for " +
                          std::to_string(items.size()) + " items: one per item is right",
                      70);
  std::lock_guard lock(s.mutex);
  try {
    transaction whole(s.db);
    s.db.execute(("DELETE FROM " + a.table).c_str(), "replace a gather's values");
    for (std::size_t i = 0; i < values.size(); ++i) {
      int recorded = recorded_status(values[i].answered);
      if (recorded == 0) continue;
      a.insert.bind(1, single ? 0 : items[i]).bind(2, a.fingerprint).bind(3, recorded);
      values[i].reason.empty() ? a.insert.bind_null(4) : a.insert.bind(4, s.reasons.id_of(values[i].reason));
      recorded == 1 && !a.what.port.empty() ? a.insert.bind_bytes(5, values[i].blob) : a.insert.bind_null(5);
      if (!a.insert.try_run())
        throw store_error("gather '" + a.what.stage + "' answered item " + std::to_string(items[i]) + " twice", 70);
    }
    statement note(s.db, "UPDATE outcomes SET input_digest = ?1 WHERE id = ?2", "write a gather's digest");
    note.bind_bytes(1, input_digest).bind(2, a.id).run();
    whole.commit();
  } catch (...) {
    s.forget_names();
    throw;
  }
}

std::vector<std::optional<std::string>> run_store::read_earlier(std::size_t outcome,
                                                                const std::vector<std::int64_t>& items) const {
  std::lock_guard lock(s_->mutex);
  statement find(s_->db, "SELECT value FROM " + s_->tables.at(outcome).table + " WHERE item = ?1 AND status = 1",
                 "read what a gather gave");
  std::vector<std::optional<std::string>> values;
  for (const std::int64_t item : items) {
    find.bind(1, item);
    const bool there = find.step() && !find.is_null(0);
    values.push_back(there ? std::optional(std::string(find.bytes(0))) : std::nullopt);
    find.reset();
  }
  return values;
}

std::set<std::int64_t> run_store::streams_of(std::size_t outcome) const {
  std::lock_guard lock(s_->mutex);
  const answers& a = s_->tables.at(outcome);
  statement rows(s_->db,
                 "SELECT DISTINCT i.stream FROM " + a.table +
                     " v JOIN items i ON i.id = v.item WHERE v.fingerprint = ?1 AND v.status = 1 AND i.gone = 0",
                 "read the streams");
  rows.bind(1, a.fingerprint);
  std::set<std::int64_t> streams;
  while (rows.step()) streams.insert(rows.number(0));
  return streams;
}

bool run_store::is_sequence(std::int64_t stream) const {
  std::lock_guard lock(s_->mutex);
  statement medium(s_->db, "SELECT length(medium) FROM streams WHERE id = ?1", "read a stream");
  medium.bind(1, stream);
  return medium.step() && medium.number(0) > 0;
}

std::string run_store::gathered_digest(std::size_t outcome) const {
  std::lock_guard lock(s_->mutex);
  statement digest(s_->db, "SELECT input_digest FROM outcomes WHERE id = ?1", "read a gather's digest");
  digest.bind(1, s_->tables.at(outcome).id);
  return digest.step() ? std::string(digest.bytes(0)) : std::string();
}

}  // namespace flowrun::core
