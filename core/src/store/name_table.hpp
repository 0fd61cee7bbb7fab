// Texts stored once and known by number: a table of (id, text), and what of it this process has met.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "sqlite.hpp"

namespace flowrun::core {

class name_table {
 public:
  name_table(database& db, const std::string& table, const std::string& column);
  std::int64_t id_of(std::string_view text);  // makes it if need be, within the caller's transaction
  void forget() { known_.clear(); }           // after a rollback

 private:
  struct hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  database* db_;
  statement find_, add_;
  std::unordered_map<std::string, std::int64_t, hash, std::equal_to<>> known_;
};

}  // namespace flowrun::core
