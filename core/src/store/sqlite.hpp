// SQLite's database and statement as objects; every error is a store_error naming the file, the step and what to do.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "store_error.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace flowrun::core {

class database {
 public:
  enum class access { create, existing, immutable };  // immutable: a folder that cannot be written, nobody writes it

  database(const std::filesystem::path& file, access how);
  ~database();
  database(const database&) = delete;
  database& operator=(const database&) = delete;

  void execute(const char* sql, const char* step);
  std::int64_t read_number(const char* sql, const char* step);
  std::string read_text(const char* sql, const char* step);

  std::int64_t last_id() const;
  std::int64_t changed_rows() const;
  bool in_transaction() const;
  const std::string& file() const { return file_; }
  sqlite3* raw() const { return db_; }
  [[noreturn]] void fail(const char* step) const;

 private:
  std::string file_;
  sqlite3* db_ = nullptr;
};

// A prepared statement, reused: bind, step or run; reset() before the next use (run() does it itself).
class statement {
 public:
  statement() = default;
  statement(database& db, const std::string& sql, const char* step);
  ~statement();
  statement(statement&& other) noexcept;
  statement& operator=(statement&& other) noexcept;

  // Bytes are not copied: they must live until the reset.
  statement& bind(int at, std::int64_t number);
  statement& bind_text(int at, std::string_view text);
  statement& bind_bytes(int at, std::string_view bytes);
  statement& bind_null(int at);

  bool step();     // true: a row is there
  void run();      // to its end, then reset
  bool try_run();  // as run, but false where a row of this key is there already
  void reset();

  std::int64_t number(int column) const;
  std::string_view bytes(int column) const;  // until the next step or reset
  bool is_null(int column) const;

 private:
  void require(int code) const;

  database* db_ = nullptr;
  sqlite3_stmt* raw_ = nullptr;
  const char* step_ = "";
};

// Rolled back unless committed.
class transaction {
 public:
  explicit transaction(database& db, const char* begin = "BEGIN IMMEDIATE");
  ~transaction();
  transaction(const transaction&) = delete;
  transaction& operator=(const transaction&) = delete;
  void commit();

 private:
  database& db_;
};

}  // namespace flowrun::core
