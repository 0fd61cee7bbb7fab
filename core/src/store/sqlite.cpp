#include "sqlite.hpp"

#include <sqlite3.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace flowrun::core {
namespace {

bool means_full(int error) {
  return error == ENOSPC || error == EDQUOT || error == EFBIG;
}

const char* advice(int code, int system_error) {
  switch (code & 0xff) {
    case SQLITE_FULL:
      return "the disk is full: free some space there, then resume; or choose another run directory with -o";
    case SQLITE_IOERR:
      if (means_full(system_error))
        return "the disk, a quota or a size limit is full: free some space there, then resume";
      return "the disk failed or was taken away: check it, then resume";
    case SQLITE_READONLY:
      return "make the folder and its files writable for you, or choose another run directory with -o";
    case SQLITE_CANTOPEN:
      return "the folder must exist and be writable for you; or choose another run directory with -o";
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
      return "the file is damaged or another program's: choose another run directory with -o, or start anew with "
             "--fresh";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return "another program has the file open: wait until it has ended";
    case SQLITE_TOOBIG:
      return "one kept value may have at most 1 GB: keep less of it";
    default:
      return nullptr;
  }
}

std::string address_of(const std::string& file, database::access how) {
  if (how != database::access::immutable) return file;
  std::string address = "file:";
  for (char c : file) {
    if (c == '%' || c == '?' || c == '#') {
      constexpr char hex[] = "0123456789ABCDEF";
      auto byte = static_cast<unsigned char>(c);
      address += '%';
      address += hex[byte >> 4];
      address += hex[byte & 15];
    } else {
      address += c;
    }
  }
  return address + "?immutable=1";
}

}  // namespace

database::database(const std::filesystem::path& file, access how) : file_(file.string()) {
  int flags = SQLITE_OPEN_NOMUTEX;
  if (how == access::create) flags |= SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  if (how == access::existing) flags |= SQLITE_OPEN_READWRITE;
  if (how == access::immutable) flags |= SQLITE_OPEN_READONLY | SQLITE_OPEN_URI;
  // An absolute name: SQLite would read one that starts with "file:" as an address where it is built so.
  std::string name = address_of(std::filesystem::absolute(file).string(), how);
  if (sqlite3_open_v2(name.c_str(), &db_, flags, nullptr) != SQLITE_OK) {
    try {
      fail("open");
    } catch (...) {
      sqlite3_close_v2(db_);
      throw;
    }
  }
  sqlite3_extended_result_codes(db_, 1);
  sqlite3_busy_timeout(db_, 5000);
}

database::~database() {
  sqlite3_close_v2(db_);
}

void database::fail(const char* step) const {
  int last_error = errno;
  int code = db_ ? sqlite3_extended_errcode(db_) : SQLITE_NOMEM;
  int system_error = db_ ? sqlite3_system_errno(db_) : 0;
  std::string text = file_ + ": " + step + ": " + (db_ ? sqlite3_errmsg(db_) : "out of memory");
  int kind = code & 0xff;
  // SQLite forgets the system's error where a COMMIT fails.
  if (system_error == 0 && kind == SQLITE_IOERR) system_error = last_error;
  if (system_error != 0 && (kind == SQLITE_IOERR || kind == SQLITE_CANTOPEN || kind == SQLITE_READONLY))
    text += std::string(" (") + std::strerror(system_error) + ")";
  if (const char* what_to_do = advice(code, system_error)) text += std::string("; ") + what_to_do;
  throw store_error(text, 74);
}

void database::execute(const char* sql, const char* step) {
  errno = 0;
  if (sqlite3_exec(db_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) fail(step);
}

std::int64_t database::read_number(const char* sql, const char* step) {
  statement s(*this, sql, step);
  return s.step() ? s.number(0) : 0;
}

std::string database::read_text(const char* sql, const char* step) {
  statement s(*this, sql, step);
  return s.step() ? std::string(s.bytes(0)) : std::string();
}

std::int64_t database::last_id() const {
  return sqlite3_last_insert_rowid(db_);
}
std::int64_t database::changed_rows() const {
  return sqlite3_changes64(db_);
}
bool database::in_transaction() const {
  return sqlite3_get_autocommit(db_) == 0;
}

statement::statement(database& db, const std::string& sql, const char* step) : db_(&db), step_(step) {
  if (sqlite3_prepare_v3(db.raw(), sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &raw_,
                         nullptr) != SQLITE_OK)
    db.fail(step);
}
statement::~statement() {
  sqlite3_finalize(raw_);
}
statement::statement(statement&& other) noexcept
    : db_(other.db_), raw_(std::exchange(other.raw_, nullptr)), step_(other.step_) {}
statement& statement::operator=(statement&& other) noexcept {
  std::swap(db_, other.db_);
  std::swap(raw_, other.raw_);
  std::swap(step_, other.step_);
  return *this;
}

void statement::require(int code) const {
  if (code != SQLITE_OK) db_->fail(step_);
}

statement& statement::bind(int at, std::int64_t number) {
  require(sqlite3_bind_int64(raw_, at, number));
  return *this;
}
statement& statement::bind_text(int at, std::string_view text) {
  require(sqlite3_bind_text64(raw_, at, text.empty() ? "" : text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8));
  return *this;
}
statement& statement::bind_bytes(int at, std::string_view bytes) {
  // A null pointer would bind NULL.
  require(sqlite3_bind_blob64(raw_, at, bytes.empty() ? "" : bytes.data(), bytes.size(), SQLITE_STATIC));
  return *this;
}
statement& statement::bind_null(int at) {
  require(sqlite3_bind_null(raw_, at));
  return *this;
}

bool statement::step() {
  errno = 0;
  int code = sqlite3_step(raw_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  try {
    db_->fail(step_);
  } catch (...) {
    sqlite3_reset(raw_);
    throw;
  }
}

void statement::run() {
  while (step()) {}
  reset();
}

bool statement::try_run() {
  errno = 0;
  int code = sqlite3_step(raw_);
  if (code == SQLITE_CONSTRAINT_PRIMARYKEY || code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_ROWID) {
    sqlite3_reset(raw_);
    return false;
  }
  if (code != SQLITE_DONE) {
    try {
      db_->fail(step_);
    } catch (...) {
      sqlite3_reset(raw_);
      throw;
    }
  }
  reset();
  return true;
}

void statement::reset() {
  sqlite3_reset(raw_);
}

std::int64_t statement::number(int column) const {
  return sqlite3_column_int64(raw_, column);
}
std::string_view statement::bytes(int column) const {
  const void* data = sqlite3_column_blob(raw_, column);
  return {static_cast<const char*>(data), static_cast<std::size_t>(sqlite3_column_bytes(raw_, column))};
}
bool statement::is_null(int column) const {
  return sqlite3_column_type(raw_, column) == SQLITE_NULL;
}

transaction::transaction(database& db, const char* begin) : db_(db) {
  db_.execute(begin, "begin a transaction");
}
transaction::~transaction() {
  // After some errors SQLite has rolled back already; what fails here, fails again at the next step.
  if (db_.in_transaction()) sqlite3_exec(db_.raw(), "ROLLBACK", nullptr, nullptr, nullptr);
}
void transaction::commit() {
  db_.execute("COMMIT", "commit");
}

}  // namespace flowrun::core
