#include "name_table.hpp"

namespace flowrun::core {

// Every failed item may have a reason of its own.
constexpr std::size_t most_known = 10000;

name_table::name_table(database& db, const std::string& table, const std::string& column)
    : db_(&db),
      find_(db, "SELECT id FROM " + table + " WHERE " + column + " = ?1", "look up a name"),
      add_(db, "INSERT INTO " + table + "(" + column + ") VALUES(?1)", "write a name") {}

std::int64_t name_table::id_of(std::string_view text) {
  auto known = known_.find(text);
  if (known != known_.end()) return known->second;
  find_.bind_bytes(1, text);
  bool there = find_.step();
  std::int64_t id = there ? find_.number(0) : 0;
  find_.reset();
  if (!there) {
    add_.bind_bytes(1, text).run();
    id = db_->last_id();
  }
  if (known_.size() >= most_known) known_.clear();
  known_.emplace(text, id);
  return id;
}

}  // namespace flowrun::core
