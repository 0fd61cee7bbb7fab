#include "export_record.hpp"

#include <stdexcept>

#include "json_object.hpp"
#include "key_text.hpp"
#include "value_json.hpp"

namespace flowrun::core {
namespace {

void add_stream(const exported_item& item, json_object& record) {
  record.add_text("source", show_text(item.source));
  if (item.stream.empty())
    record.add("stream", "null");
  else
    record.add_text("stream", show_key(item.stream));
}

json_object describe_item(const exported_item& item, bool sorted) {
  json_object record(sorted);
  record.add_text("item", show_key(item.key));
  add_stream(item, record);
  record.add("seq", std::to_string(item.seq));
  record.add("time_ns", std::to_string(item.time_ns));
  record.add_text("status", status_name(item.status));
  if (!item.reason.empty()) record.add_text("reason", show_text(item.reason));
  if (!item.error_stage.empty()) record.add_text("error_stage", item.error_stage);
  return record;
}

std::string value_text(const exported_outcome& o, const exported_item& item, bool sorted) {
  std::string json;
  try {
    append_json_value(o.fields, o.value, sorted, json);
  } catch (const std::runtime_error& e) {
    fail_damaged(o, item, e.what());
  }
  return json;
}

// False: there are none.
bool add_answers(exported_items& items, const char* values_key, bool sorted, json_object& record) {
  json_object values(sorted), skipped(sorted), errors(sorted);
  for (const exported_outcome& o : items.outcomes()) {
    if (o.answer == answer_kind::value) {
      if (o.keeps_values()) values.add(o.label, value_text(o, items.item(), sorted));
    } else if (o.answer != answer_kind::none && o.reason != items.item().reason) {
      (o.answer == answer_kind::skip ? skipped : errors).add_text(o.label, show_text(o.reason));
    }
  }
  bool any = !values.empty() || !skipped.empty() || !errors.empty();
  record.add(values_key, values.text());
  if (!skipped.empty()) record.add("skipped", skipped.text());
  if (!errors.empty()) record.add("errors", errors.text());
  return any;
}

}  // namespace

std::string write_item_record(exported_items& items, bool sorted) {
  json_object record = describe_item(items.item(), sorted);
  add_answers(items, "values", sorted, record);
  return record.text();
}

std::string write_stream_record(exported_items& items, bool sorted) {
  json_object record(sorted);
  add_stream(items.item(), record);
  add_answers(items, "values", sorted, record);
  return record.text();
}

std::string write_run_record(exported_items& items, bool sorted) {
  json_object record(sorted);
  return add_answers(items, "run", sorted, record) ? record.text() : std::string();
}

}  // namespace flowrun::core
