#include <memory>

#include "export_folder.hpp"
#include "exported_items.hpp"
#include "exports.hpp"
#include "npy_table.hpp"

namespace flowrun::core {
namespace fs = std::filesystem;
namespace {

using table_list = std::vector<std::unique_ptr<npy_table>>;

table_list make_tables(exported_items& items, std::vector<std::string>& notes) {
  table_list tables;
  for (const exported_outcome& o : items.outcomes()) {
    if (!o.keeps_values()) continue;
    auto table = std::make_unique<npy_table>(o);
    if (table->empty())
      notes.push_back("'" + o.label + "' has no numbers and is left out; jsonl has it");
    else if (!o.per_item)
      notes.push_back("'" + o.label + "' is one value for the whole run and is left out; jsonl has it");
    else
      tables.push_back(std::move(table));
  }
  return tables;
}

}  // namespace

export_summary export_npy(const fs::path& run_directory, const fs::path& folder) {
  exported_items items(run_directory, false);
  export_summary summary;
  table_list tables = make_tables(items, summary.notes);
  if (tables.empty())
    throw store_error(run_directory.string() +
                          ": no kept port gives numbers for each item, so there is nothing for npy; "
                          "export jsonl or csv",
                      65);
  for (; items.next(); ++summary.items)
    for (const auto& table : tables) table->count(items.item());
  make_export_folder(folder, "npy");
  for (const auto& table : tables) table->open(folder);
  items.rewind();
  while (items.next())
    for (const auto& table : tables) table->write(items.item());
  for (const auto& table : tables) table->finish(summary.notes);
  return summary;
}

}  // namespace flowrun::core
