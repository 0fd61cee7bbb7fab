#include "export_record.hpp"

#include <algorithm>
#include <stdexcept>

#include "database_schema.hpp"
#include "key_text.hpp"
#include "schema_text.hpp"
#include "value_json.hpp"

namespace flowrun::core {

std::vector<exported_outcome> read_exported_outcomes(database& db, bool sorted) {
  std::vector<exported_outcome> outcomes;
  statement rows(db,
                 "SELECT id, stage, port, label, schema, fingerprint, gathered, per_item FROM outcomes WHERE used = 1 "
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

void json_object::add_text(std::string_view key, std::string_view text) {
  std::string json;
  append_json_text(text, json);
  add(key, std::move(json));
}

std::string json_object::text() {
  if (sorted_) std::stable_sort(fields_.begin(), fields_.end());
  std::string out = "{";
  for (const auto& field : fields_) {
    if (out.size() > 1) out += ',';
    append_json_text(show_text(field.first), out);
    out += ':';
    out += field.second;
  }
  return out + "}";
}

namespace {

std::string value_text(const exported_outcome& o, const exported_item& item, std::string_view blob, bool sorted) {
  std::string json;
  try {
    append_json_value(o.fields, blob, sorted, json);
  } catch (const std::runtime_error& e) {
    throw store_error(
        "'" + o.label + "' of item '" + show_key(item.key) + "': " + e.what() + "; the run directory is damaged", 74);
  }
  return json;
}

}  // namespace

bool add_answers(std::vector<exported_outcome>& outcomes, const exported_item& item, const char* values_key,
                 bool sorted, json_object& record) {
  json_object values(sorted), skipped(sorted), errors(sorted);
  for (exported_outcome& o : outcomes) {
    if (o.per_item != (item.id != 0)) continue;
    o.find.reset();
    if (!o.find.bind(1, item.id).step()) continue;
    if (o.find.number(0) != o.fingerprint) {
      if (!o.gathered && o.per_item) {
        o.find.reset();
        return false;
      }
      continue;
    }
    std::string_view reason = o.find.bytes(2);
    if (o.find.number(1) == 1) {
      if (!o.port.empty()) values.add(o.label, value_text(o, item, o.find.bytes(3), sorted));
    } else if (reason != item.reason) {
      (o.find.number(1) == 2 ? skipped : errors).add_text(o.label, show_text(reason));
    }
    o.find.reset();
  }
  if (item.id == 0 && values.empty() && skipped.empty() && errors.empty()) return false;
  record.add(values_key, values.text());
  if (!skipped.empty()) record.add("skipped", skipped.text());
  if (!errors.empty()) record.add("errors", errors.text());
  return true;
}

}  // namespace flowrun::core
