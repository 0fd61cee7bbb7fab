#include <memory>

#include "csv_port.hpp"
#include "export_folder.hpp"
#include "exported_items.hpp"
#include "exports.hpp"
#include "text_output.hpp"

namespace flowrun::core {
namespace fs = std::filesystem;
namespace {

std::string item_row(const exported_item& item) {
  return csv_key_cells(item) + "," + std::to_string(item.seq) + "," + std::to_string(item.time_ns) + "," +
         status_name(item.status) + "," + csv_reason_cell(item.reason) + csv_line_end;
}

}  // namespace

export_summary export_csv(const fs::path& run_directory, const fs::path& folder, export_options options) {
  exported_items items(run_directory, options.canonical);
  make_export_folder(folder, "csv");
  export_summary summary;
  std::vector<std::unique_ptr<csv_port>> ports;
  for (const exported_outcome& o : items.outcomes()) {
    if (!o.keeps_values()) continue;
    if (o.per_item)
      ports.push_back(std::make_unique<csv_port>(o, folder, options.canonical));
    else
      summary.notes.push_back("'" + o.label + "' is one value for the whole run and is left out; jsonl has it");
  }
  text_output all(folder / "items.csv");
  all.write(std::string("item,source,stream,seq,time_ns,status,reason") + csv_line_end);
  for (; items.next(); ++summary.items) {
    all.write(item_row(items.item()));
    for (const auto& port : ports) port->write(items.item());
  }
  for (const auto& port : ports) port->finish();
  all.finish();
  return summary;
}

}  // namespace flowrun::core
