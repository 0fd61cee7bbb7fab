#include "exports.hpp"

#include "database_schema.hpp"
#include "export_record.hpp"
#include "key_text.hpp"
#include "text_output.hpp"

namespace flowrun::core {
namespace fs = std::filesystem;
namespace {

const char* status_name(int status) {
  constexpr const char* names[] = {"done", "skipped", "failed"};
  return status >= 1 && status <= 3 ? names[status - 1] : "unknown";
}

json_object describe_item(const exported_item& item, bool sorted) {
  json_object record(sorted);
  record.add_text("item", show_key(item.key));
  record.add_text("source", show_text(item.source));
  if (item.stream.empty())
    record.add("stream", "null");
  else
    record.add_text("stream", show_key(item.stream));
  record.add("seq", std::to_string(item.seq));
  record.add("time_ns", std::to_string(item.time_ns));
  record.add_text("status", status_name(item.status));
  if (!item.reason.empty()) record.add_text("reason", show_text(item.reason));
  if (!item.error_stage.empty()) record.add_text("error_stage", item.error_stage);
  return record;
}

exported_item read_item(const statement& row) {
  exported_item item;
  item.id = row.number(0);
  item.key = row.bytes(1);
  item.source = row.bytes(2);
  item.stream = row.bytes(3);
  item.seq = static_cast<std::uint64_t>(row.number(4));
  item.time_ns = row.number(5);
  item.status = static_cast<int>(row.number(6));
  item.reason = row.bytes(7);
  item.error_stage = row.bytes(8);
  return item;
}

std::size_t write_records(const fs::path& run_directory, text_output& out, export_options options) {
  std::unique_ptr<database> db = open_for_reading(run_directory);
  transaction one_moment(*db, "BEGIN");  // a run may be writing
  bool sorted = options.canonical;
  std::vector<exported_outcome> outcomes = read_exported_outcomes(*db, sorted);
  statement rows(*db,
                 std::string("SELECT i.id, i.key, s.name, m.medium, i.seq, i.time_ns, i.status, r.text, e.name FROM") +
                     items_with_names +
                     " LEFT JOIN reasons r ON r.id = i.reason LEFT JOIN stages e ON e.id = i.error_stage "
                     "WHERE i.gone = 0 ORDER BY" +
                     item_order,
                 "read the items");
  std::size_t records = 0;
  std::uint64_t rank = 0;  // in the set
  std::string set;
  while (rows.step()) {
    exported_item item = read_item(rows);
    if (item.stream.empty()) {
      if (set != item.source) rank = 0;
      set = item.source;
      item.seq = rank;
    }
    json_object record = describe_item(item, sorted);
    if (!add_answers(outcomes, item, "values", sorted, record)) continue;
    if (item.stream.empty()) ++rank;
    out.write(record.text() + "\n");
    ++records;
  }
  json_object of_run(sorted);
  if (add_answers(outcomes, exported_item(), "run", sorted, of_run)) out.write(of_run.text() + "\n");
  out.finish();
  return records;
}

}  // namespace

std::size_t export_jsonl(const fs::path& run_directory, const fs::path& to, export_options options) {
  text_output out(to);
  return write_records(run_directory, out, options);
}

std::size_t export_jsonl(const fs::path& run_directory, int fd, export_options options) {
  text_output out(fd);
  return write_records(run_directory, out, options);
}

}  // namespace flowrun::core
