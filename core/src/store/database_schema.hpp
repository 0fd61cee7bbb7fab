// The tables of run.db and their version. Docs: docs/run-directory.md.
#pragma once
#include <filesystem>
#include <memory>
#include <string>

#include "sqlite.hpp"

namespace flowrun::core {

inline constexpr int store_schema_version = 2;

struct opened_database {
  std::unique_ptr<database> db;
  std::string journal_note;
};

// Makes run.db where there is none. rollback: without shared memory, the file for this process alone.
opened_database open_for_writing(const std::filesystem::path& run_directory, bool rollback);
// For exports and reports; also where the folder cannot be written. 64: no run directory.
std::unique_ptr<database> open_for_reading(const std::filesystem::path& run_directory);

// The table of an outcome's answers.
std::string answers_table(std::int64_t outcome_id);

// SQL after ORDER BY: source, stream, then key in a set and seq in a sequence. Items as i, streams as m, sources as s.
inline constexpr auto item_order = " s.name, m.medium, CASE WHEN m.medium = x'' THEN 0 ELSE i.seq END, i.key";
inline constexpr auto items_with_names = " items i JOIN streams m ON m.id = i.stream JOIN sources s ON s.id = m.source";

}  // namespace flowrun::core
