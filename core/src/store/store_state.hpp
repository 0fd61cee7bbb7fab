// What a run_store holds; shared by the files that implement it.
#pragma once
#include <map>
#include <mutex>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "database_schema.hpp"
#include "ledger.hpp"
#include "name_table.hpp"
#include "run_store.hpp"
#include "sqlite.hpp"

namespace flowrun::core {

// An outcome of today's graph and its table.
struct answers {
  outcome what;
  std::int64_t id = 0, fingerprint = 0;
  std::string table;
  statement insert, replace, remove, remove_stale;
};

struct run_store::state {
  state(opened_database opened, std::vector<outcome> outcomes);

  std::mutex mutex;  // over the database; the ledger has none: it is fixed once loaded
  std::unique_ptr<database> owned;
  database& db;
  std::string journal_note;
  name_table sources, stages, reasons, fingerprints;
  statement find_stream, add_stream, end_stream, add_item, find_item, update_item;
  std::map<std::pair<std::int64_t, std::string>, std::int64_t> stream_ids;
  std::vector<answers> tables;
  std::vector<std::string> unused_tables;
  ledger items;
  std::unordered_set<std::int64_t> rewritten;  // known ids written by this object

  // outcome_tables.cpp
  void set_up_outcomes(std::vector<outcome> outcomes);
  // commit.cpp
  std::int64_t stream_id(const std::string& source, const std::string& medium);
  std::int64_t add_new_item(const commit_unit& unit);
  void update_known_item(const commit_unit& unit);
  void bind_answer(statement& s, const commit_unit& unit);
  void write_rows(const commit_unit& unit, std::int64_t item);
  void write_end(const stream_end& end);
  void forget_names();
};

// 1 value, 2 skip, 3 error in the tables; 0: nothing to record.
int recorded_status(status answered);

}  // namespace flowrun::core
