#include "database_schema.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <system_error>

#include "file_system.hpp"
#include "run_directory.hpp"

namespace flowrun::core {
namespace fs = std::filesystem;
namespace {

constexpr std::int64_t application_id = 0x666c6f77;  // "flow", at byte 68 of the file

constexpr auto tables = R"(
CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE sources(id INTEGER PRIMARY KEY, name BLOB NOT NULL UNIQUE);
CREATE TABLE streams(id INTEGER PRIMARY KEY, source INTEGER NOT NULL, medium BLOB NOT NULL,
                     frames INTEGER NOT NULL DEFAULT -1, size INTEGER NOT NULL DEFAULT 0,
                     mtime_ns INTEGER NOT NULL DEFAULT 0, listing BLOB, UNIQUE(source, medium));
CREATE TABLE stages(id INTEGER PRIMARY KEY, name BLOB NOT NULL UNIQUE);
CREATE TABLE reasons(id INTEGER PRIMARY KEY, text BLOB NOT NULL UNIQUE);
CREATE TABLE fingerprints(id INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE);
CREATE TABLE items(id INTEGER PRIMARY KEY, stream INTEGER NOT NULL, seq INTEGER NOT NULL, key BLOB NOT NULL,
                   size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, time_ns INTEGER NOT NULL,
                   status INTEGER NOT NULL, reason INTEGER, error_stage INTEGER, gone INTEGER NOT NULL DEFAULT 0,
                   UNIQUE(stream, key));
CREATE TABLE outcomes(id INTEGER PRIMARY KEY, stage TEXT NOT NULL, port TEXT NOT NULL, label TEXT NOT NULL,
                      type TEXT NOT NULL, schema TEXT NOT NULL, fingerprint INTEGER NOT NULL,
                      gathered INTEGER NOT NULL, per_item INTEGER NOT NULL, per_stream INTEGER NOT NULL, used INTEGER NOT NULL,
                      position INTEGER NOT NULL, input_digest BLOB, UNIQUE(stage, port));
)";

constexpr auto foreign_advice = "; choose another run directory with -o";

// Says whether the tables are there; throws on another program's or a newer flowrun's file.
bool has_our_tables(database& db) {
  std::int64_t found = db.read_number("SELECT count(*) FROM sqlite_schema", "read");
  if (db.read_number("PRAGMA application_id", "read") != application_id) {
    if (found == 0) return false;
    throw store_error(db.file() + " is another program's database, not a flowrun run" + foreign_advice, 64);
  }
  if (found == 0) return false;
  std::string version = db.read_text("SELECT value FROM meta WHERE name = 'schema_version'", "read the schema version");
  if (version != std::to_string(store_schema_version))
    throw store_error(db.file() + " has schema version " + (version.empty() ? "(none)" : version) +
                          ", this flowrun reads version " + std::to_string(store_schema_version) +
                          ": use the flowrun that wrote it, start anew with --fresh, or choose another -o",
                      74);
  return true;
}

void make_tables(database& db) {
  transaction whole(db);
  db.execute(tables, "create the tables");
  db.execute(("INSERT INTO meta VALUES('schema_version', '" + std::to_string(store_schema_version) + "')").c_str(),
             "create the tables");
  db.execute(("PRAGMA application_id = " + std::to_string(application_id)).c_str(), "create the tables");
  whole.commit();
}

}  // namespace

opened_database open_for_writing(const fs::path& run_directory, bool rollback) {
  opened_database opened;
  std::string network = network_file_system(run_directory);
  opened.db = std::make_unique<database>(run_directory / database_name, database::access::create);
  database& db = *opened.db;
  // Before the first read: a write-ahead log opened exclusively needs no shared memory.
  if (rollback || !network.empty()) {
    db.execute("PRAGMA locking_mode = EXCLUSIVE", "open");
    opened.journal_note = run_directory.string() + " is on " + (network.empty() ? "a file system" : network) +
                          ": run.db is kept with a rollback journal, for one process alone; a local run directory is "
                          "faster and can be exported while it runs";
  }
  bool ready = has_our_tables(db);
  // The page size holds only if it is set before WAL and before the first table.
  if (!ready) db.execute("PRAGMA page_size = 16384", "set the page size");
  bool exclusive = !opened.journal_note.empty();
  std::string wanted = exclusive ? "delete" : "wal";
  std::string got = db.read_text(exclusive ? "PRAGMA journal_mode = DELETE" : "PRAGMA journal_mode = WAL", "open");
  if (got != wanted)
    throw store_error(db.file() + ": cannot be kept with journal mode " + wanted + " (it stays " + got +
                          "): the folder and run.db must be writable and on a file system with shared memory; choose "
                          "another run directory with -o",
                      74);
  db.execute(exclusive ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL", "open");
  // KiB. Keys come in any order: with SQLite's 2 MB the index over them is read back from disk again and again. With
  // much more, memory grows through the whole of a long run, though the system keeps the file in its own cache anyway.
  db.execute("PRAGMA cache_size = -6144", "open");
  if (!ready) make_tables(db);
  return opened;
}

std::unique_ptr<database> open_for_reading(const fs::path& run_directory) {
  fs::path file = run_directory / database_name;
  std::error_code error;
  if (!fs::exists(file, error))
    throw store_error(run_directory.string() +
                          " is not a run directory: " + (error ? error.message() : std::string("it has no run.db")) +
                          "; give the folder that was -o of a run",
                      64);
  // A log that was not folded in needs a writable folder; without one, the file is all there is.
  fs::path log = file;
  log += "-wal";
  auto writable_by_us = [](const fs::path& path) { return ::faccessat(AT_FDCWD, path.c_str(), W_OK, AT_EACCESS) == 0; };
  bool writable = writable_by_us(run_directory) && writable_by_us(file);
  bool alone = !writable && !fs::exists(log, error);
  auto db = std::make_unique<database>(file, alone ? database::access::immutable : database::access::existing);
  if (!has_our_tables(*db))
    throw store_error(db->file() + " has no tables yet: its run ended before it began; run the graph again", 64);
  db->execute("PRAGMA query_only = 1", "open");
  return db;
}

std::string answers_table(std::int64_t outcome_id) {
  return "answers_" + std::to_string(outcome_id);
}

}  // namespace flowrun::core
