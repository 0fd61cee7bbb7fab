#include "errors.hpp"

#include "database_schema.hpp"

namespace flowrun::core {

std::vector<failed_item> failed_items(const std::filesystem::path& run_directory) {
  std::unique_ptr<database> db = open_for_reading(run_directory);
  statement rows(*db,
                 std::string("SELECT i.key, s.name, e.name, r.text FROM") + items_with_names +
                     " LEFT JOIN reasons r ON r.id = i.reason LEFT JOIN stages e ON e.id = i.error_stage "
                     "WHERE i.gone = 0 AND i.status = 3 ORDER BY" +
                     item_order,
                 "read the failed items");
  std::vector<failed_item> failed;
  while (rows.step())
    failed.push_back(failed_item{std::string(rows.bytes(0)), std::string(rows.bytes(1)), std::string(rows.bytes(2)),
                                 std::string(rows.bytes(3))});
  return failed;
}

item_counts count_items(const std::filesystem::path& run_directory) {
  std::unique_ptr<database> db = open_for_reading(run_directory);
  statement rows(*db, "SELECT gone, status, count(*) FROM items GROUP BY gone, status", "count the items");
  item_counts counts;
  while (rows.step()) {
    auto n = static_cast<std::uint64_t>(rows.number(2));
    if (rows.number(0) != 0)
      counts.gone += n;
    else
      (rows.number(1) == 1 ? counts.done : rows.number(1) == 2 ? counts.skipped : counts.failed) += n;
  }
  return counts;
}

}  // namespace flowrun::core
