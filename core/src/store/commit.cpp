// Writing finished items.
#include "key_text.hpp"
#include "store_state.hpp"

namespace flowrun::core {
namespace {

[[noreturn]] void refuse_second_write(const item_identity& item) {
  throw store_error("item '" + show_key(item.key) + "' of source '" + item.source +
                        "' was written twice: its source listed it twice, or this is a fault of flowrun",
                    70);
}

}  // namespace

int recorded_status(status answered) {
  switch (answered) {
    case status::value:
      return 1;
    case status::skip:
      return 2;
    case status::error:
      return 3;
    default:
      return 0;
  }
}

std::int64_t run_store::state::stream_id(const std::string& source, const std::string& medium) {
  std::int64_t source_id = sources.id_of(source);
  auto [known, fresh] = stream_ids.try_emplace(std::make_pair(source_id, medium), 0);
  if (!fresh) return known->second;
  find_stream.bind(1, source_id).bind_bytes(2, medium);
  if (find_stream.step()) known->second = find_stream.number(0);
  find_stream.reset();
  if (known->second == 0) {
    add_stream.bind(1, source_id).bind_bytes(2, medium).run();
    known->second = db.last_id();
  }
  return known->second;
}

void run_store::state::bind_answer(statement& s, const commit_unit& unit) {
  s.bind(2, static_cast<std::int64_t>(unit.item.seq));
  s.bind(4, static_cast<std::int64_t>(unit.item.size)).bind(5, unit.item.mtime_ns).bind(6, unit.item.time_ns);
  s.bind(7, static_cast<std::int64_t>(unit.status));
  unit.reason.empty() ? s.bind_null(8) : s.bind(8, reasons.id_of(unit.reason));
  unit.error_stage.empty() ? s.bind_null(9) : s.bind(9, stages.id_of(unit.error_stage));
}

std::int64_t run_store::state::add_new_item(const commit_unit& unit) {
  bind_answer(add_item, unit);
  add_item.bind(1, stream_id(unit.item.source, unit.item.stream)).bind_bytes(3, unit.item.key);
  if (!add_item.try_run()) refuse_second_write(unit.item);
  return db.last_id();
}

void run_store::state::update_known_item(const commit_unit& unit) {
  if (!rewritten.insert(unit.known_id).second) refuse_second_write(unit.item);
  find_item.bind(1, unit.known_id);
  bool there = find_item.step();
  bool changed = there && (static_cast<std::uint64_t>(find_item.number(0)) != unit.item.size ||
                           find_item.number(1) != unit.item.mtime_ns);
  find_item.reset();
  if (!there)
    throw store_error("item '" + show_key(unit.item.key) + "' has no row " + std::to_string(unit.known_id) + " in " +
                          db.file() + ": this is a fault of flowrun",
                      70);
  bind_answer(update_item, unit);
  update_item.bind(10, unit.known_id).run();
  // What was computed from another content must not pass for today's, in whichever graph it is asked for again.
  if (changed) {
    for (answers& a : tables) a.remove.bind(1, unit.known_id).run();
    for (const std::string& table : unused_tables)
      statement(db, "DELETE FROM " + table + " WHERE item = ?1", "remove a value").bind(1, unit.known_id).run();
    // Its gathered answers went too, and nothing but a gather gives them again, also where its tables stay as they
    // were.
    db.execute("UPDATE outcomes SET input_digest = NULL WHERE gathered = 1 AND per_item = 1",
               "forget a gather's digest");
  } else {
    for (answers& a : tables)
      if (!a.what.gathered) a.remove_stale.bind(1, unit.known_id).bind(2, a.fingerprint).run();
  }
}

void run_store::state::write_rows(const commit_unit& unit, std::int64_t item) {
  for (const outcome_row& row : unit.rows) {
    answers& a = tables.at(row.outcome);
    int recorded = recorded_status(row.answered);
    if (recorded == 0) {
      if (unit.known_id != 0) a.remove.bind(1, item).run();
      continue;
    }
    statement& s = unit.known_id != 0 ? a.replace : a.insert;
    s.bind(1, item).bind(2, a.fingerprint).bind(3, recorded);
    row.reason.empty() ? s.bind_null(4) : s.bind(4, reasons.id_of(row.reason));
    recorded == 1 && !a.what.port.empty() ? s.bind_bytes(5, row.blob) : s.bind_null(5);
    if (!s.try_run()) refuse_second_write(unit.item);
  }
}

void run_store::state::write_end(const stream_end& end) {
  end_stream.bind(1, stream_id(end.source, end.medium)).bind(2, static_cast<std::int64_t>(end.frames));
  end_stream.bind(3, static_cast<std::int64_t>(end.size)).bind(4, end.mtime_ns).bind_bytes(5, end.listing).run();
  stream_ids.erase({sources.id_of(end.source), end.medium});  // it has no more items
}

void run_store::state::forget_names() {
  for (name_table* names : {&sources, &stages, &reasons, &fingerprints}) names->forget();
  stream_ids.clear();
}

void run_store::commit(const std::vector<commit_unit>& units) {
  state& s = *s_;
  std::lock_guard lock(s.mutex);
  try {
    transaction whole(s.db);
    for (const commit_unit& unit : units) {
      if (unit.ended) {
        s.write_end(*unit.ended);
        continue;
      }
      std::int64_t item = unit.known_id;
      if (item == 0)
        item = s.add_new_item(unit);
      else
        s.update_known_item(unit);
      s.write_rows(unit, item);
    }
    whole.commit();
  } catch (...) {
    // Their numbers went with the transaction. A unit of this group may come again.
    s.forget_names();
    for (const commit_unit& unit : units) s.rewritten.erase(unit.known_id);
    throw;
  }
}

}  // namespace flowrun::core
