#include "exported_items.hpp"

#include <algorithm>
#include <stdexcept>

#include "database_schema.hpp"
#include "key_text.hpp"
#include "schema_text.hpp"

namespace flowrun::core {
namespace {

std::vector<exported_outcome> read_outcomes(database& db, bool sorted) {
  std::vector<exported_outcome> outcomes;
  statement rows(
      db,
      "SELECT id, stage, port, label, schema, fingerprint, gathered, per_item, per_stream FROM outcomes WHERE used = 1 "
      "ORDER BY position",
      "read the outcomes");
  while (rows.step()) {
    exported_outcome o;
    o.stage = rows.bytes(1);
    o.port = rows.bytes(2);
    o.label = rows.bytes(3);
    o.table = answers_table(rows.number(0));
    try {
      o.fields = read_schema(rows.bytes(4));
    } catch (const std::runtime_error& e) {
      throw store_error(db.file() + ": values of '" + o.label + "': " + e.what(), 74);
    }
    o.fingerprint = rows.number(5);
    o.gathered = rows.number(6) != 0;
    o.per_item = rows.number(7) != 0;
    o.per_stream = rows.number(8) != 0;
    o.find = statement(db,
                       "SELECT v.fingerprint, v.status, r.text, v.value FROM " + o.table +
                           " v LEFT JOIN reasons r ON r.id = v.reason WHERE v.item = ?1",
                       "read a value");
    outcomes.push_back(std::move(o));
  }
  if (sorted)
    std::stable_sort(outcomes.begin(), outcomes.end(),
                     [](const exported_outcome& a, const exported_outcome& b) { return a.label < b.label; });
  return outcomes;
}

statement select_items(database& db) {
  return statement(
      db,
      std::string("SELECT i.id, i.key, s.name, m.medium, i.seq, i.time_ns, i.status, r.text, e.name FROM") +
          items_with_names +
          " LEFT JOIN reasons r ON r.id = i.reason LEFT JOIN stages e ON e.id = i.error_stage "
          "WHERE i.gone = 0 ORDER BY" +
          item_order,
      "read the items");
}

answer_kind kind_of(std::int64_t status) {
  return status == 1 ? answer_kind::value : status == 2 ? answer_kind::skip : answer_kind::error;
}

}  // namespace

exported_items::exported_items(const std::filesystem::path& run_directory, bool sorted)
    : db_(open_for_reading(run_directory)),
      one_moment_(*db_, "BEGIN"),
      outcomes_(read_outcomes(*db_, sorted)),
      rows_(select_items(*db_)),
      streams_(*db_,
               "SELECT -m.id, s.name, m.medium FROM streams m JOIN sources s ON s.id = m.source "
               "ORDER BY s.name, m.medium",
               "read the streams") {}

void exported_items::read_item() {
  item_.id = rows_.number(0);
  item_.key = rows_.bytes(1);
  item_.source = rows_.bytes(2);
  item_.stream = rows_.bytes(3);
  item_.seq = static_cast<std::uint64_t>(rows_.number(4));
  item_.time_ns = rows_.number(5);
  item_.status = static_cast<int>(rows_.number(6));
  item_.reason = rows_.bytes(7);
  item_.error_stage = rows_.bytes(8);
}

bool exported_items::next() {
  while (rows_.step()) {
    read_item();
    if (!find_answers()) continue;
    if (!item_.stream.empty()) return true;
    if (set_ != item_.source) rank_ = 0;
    set_ = item_.source;
    item_.seq = rank_++;
    return true;
  }
  return false;
}

void exported_items::rewind() {
  rows_.reset();
  set_.clear();
  rank_ = 0;
}

bool exported_items::next_stream() {
  while (streams_.step()) {
    item_ = exported_item();
    item_.id = streams_.number(0);
    item_.source = streams_.bytes(1);
    item_.stream = streams_.bytes(2);
    find_answers();
    for (const exported_outcome& o : outcomes_)
      if (o.answer != answer_kind::none) return true;
  }
  return false;
}

void exported_items::find_run_answers() {
  item_ = exported_item();
  find_answers();
}

bool exported_items::find_answers() {
  for (exported_outcome& o : outcomes_) {
    o.answer = answer_kind::none;
    o.find.reset();
  }
  for (exported_outcome& o : outcomes_) {
    const bool here = o.per_item ? item_.id > 0 : o.per_stream ? item_.id < 0 : item_.id == 0;
    if (!here || !o.find.bind(1, item_.id).step()) continue;
    if (o.find.number(0) != o.fingerprint) {
      if (!o.gathered && o.per_item) return false;
      continue;
    }
    o.answer = kind_of(o.find.number(1));
    o.reason = o.find.bytes(2);
    o.value = o.find.bytes(3);
  }
  return true;
}

const char* status_name(int status) {
  constexpr const char* names[] = {"done", "skipped", "failed"};
  return status >= 1 && status <= 3 ? names[status - 1] : "unknown";
}

void fail_damaged(const exported_outcome& o, const exported_item& item, const char* what) {
  throw store_error(
      "'" + o.label + "' of item '" + show_key(item.key) + "': " + what + "; the run directory is damaged", 74);
}

}  // namespace flowrun::core
