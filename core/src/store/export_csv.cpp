#include <memory>
#include <stdexcept>

#include "csv_value.hpp"
#include "export_folder.hpp"
#include "exported_items.hpp"
#include "exports.hpp"
#include "key_text.hpp"
#include "text_output.hpp"

namespace flowrun::core {
namespace fs = std::filesystem;
namespace {

constexpr auto line_end = "\r\n";
const std::vector<std::string> key_columns = {"item", "source", "stream", "reason"};

// item,source,stream
std::string key_cells(const exported_item& item) {
  return csv_text(show_key(item.key)) + "," + csv_text(show_text(item.source)) + "," +
         (item.stream.empty() ? "" : csv_text(show_key(item.stream)));
}

std::string reason_cell(std::string_view reason) {
  return reason.empty() ? std::string() : csv_text(show_text(reason));
}

std::string item_row(const exported_item& item) {
  return key_cells(item) + "," + std::to_string(item.seq) + "," + std::to_string(item.time_ns) + "," +
         status_name(item.status) + "," + reason_cell(item.reason) + line_end;
}

// A stage may be named like the file of the items.
std::string file_of(const exported_outcome& o) {
  return file_name_of(o.label == "items" ? o.label + "." + o.port : o.label) + ".csv";
}

class csv_table {
 public:
  csv_table(const exported_outcome& o, const fs::path& folder, bool sorted)
      : of_(o), layout_(o.fields, sorted, {key_columns.begin(), key_columns.end()}), out_(folder / file_of(o)) {
    std::string header;
    for (const std::string& name : key_columns) header += (header.empty() ? "" : ",") + name;
    for (const std::string& name : layout_.columns()) header += "," + csv_text(show_text(name));
    out_.write(header + line_end);
  }

  void write(const exported_item& item) {
    if (of_.answer == answer_kind::none) return;
    std::string row = key_cells(item) + ",";
    if (of_.answer == answer_kind::value) {
      append_value(item, row);
    } else {
      row += reason_cell(of_.reason);
      layout_.append_nothing(row);
    }
    out_.write(row + line_end);
  }
  void finish() { out_.finish(); }

 private:
  void append_value(const exported_item& item, std::string& row) {
    try {
      layout_.append_value(of_.value, row);
    } catch (const std::runtime_error& e) {
      fail_damaged(of_, item, e.what());
    }
  }

  const exported_outcome& of_;
  csv_layout layout_;
  text_output out_;
};

}  // namespace

export_summary export_csv(const fs::path& run_directory, const fs::path& folder, export_options options) {
  exported_items items(run_directory, options.canonical);
  make_export_folder(folder, "csv");
  export_summary summary;
  std::vector<std::unique_ptr<csv_table>> tables;
  for (const exported_outcome& o : items.outcomes()) {
    if (!o.keeps_values()) continue;
    if (o.per_item)
      tables.push_back(std::make_unique<csv_table>(o, folder, options.canonical));
    else
      summary.notes.push_back("'" + o.label + "' is one value for the whole run and is left out; jsonl has it");
  }
  text_output all(folder / "items.csv");
  all.write(std::string("item,source,stream,seq,time_ns,status,reason") + line_end);
  for (; items.next(); ++summary.items) {
    all.write(item_row(items.item()));
    for (const auto& table : tables) table->write(items.item());
  }
  for (const auto& table : tables) table->finish();
  all.finish();
  return summary;
}

}  // namespace flowrun::core
