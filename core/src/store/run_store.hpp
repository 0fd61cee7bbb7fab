// The run directory's database, run.db (SQLite): which items are finished, with which values. Docs:
// docs/run-directory.md.
#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <flowrun/packet.hpp>

#include "../plugin/manifest.hpp"
#include "store_error.hpp"

namespace flowrun::core {

enum class item_status : std::uint8_t { done = 1, skipped = 2, failed = 3 };

// Something whose answer is recorded for every item: a kept port, a sink, or a leaf whose value is not kept.
struct outcome {
  std::string stage, port;  // port empty: a sink or an unkept leaf, no value is stored
  std::string label;  // its key under "values" in exports: the stage's name, or stage.port if it has several outputs
  type_manifest type;
  std::string fingerprint;           // 16 raw bytes: of the stage, its params and all it reads from
  std::vector<std::string> sources;  // names of the source stages that reach it
  bool gathered = false;             // written by a gather, after the items
  bool per_item = true;              // false: one value for the whole run, or for each stream (a gather's)
  bool per_stream = false;
};

struct ledger_entry {
  std::int64_t id = 0;
  std::uint64_t size = 0;
  std::int64_t mtime_ns = 0;
  item_status status = item_status::done;
  // Every outcome that its source reaches is recorded under today's fingerprint, and one of them as `status` says (an
  // item that failed at a stage no longer in the graph is not current).
  bool current = false;
  bool seen = false;  // set by mark_seen(): listed again in this run
  bool gone = false;  // not listed by an earlier run
};

struct item_identity {
  std::string source;  // name of the source stage
  std::string stream;  // medium path in the source; empty: the set of stills
  std::string key;
  std::uint64_t seq = 0;
  std::uint64_t size = 0;
  std::int64_t mtime_ns = 0;
  std::int64_t time_ns = 0;
};

struct outcome_row {
  std::size_t outcome = 0;  // index into the list given to open()
  status answered = status::none;
  std::string blob;    // of a kept value
  std::string reason;  // of a skip or an error
};

// A sequence that was read to its end.
struct stream_end {
  std::string source, medium;
  std::uint64_t size = 0;
  std::int64_t mtime_ns = 0;
  std::uint64_t frames = 0;
  std::string listing;  // digest of what decides which frames there are
};

// An item and its answers: committed together or not at all. An outcome without a row (or with an answer other than
// value, skip and error) is not recorded: the item is not `current` at the next resume.
struct commit_unit {
  std::int64_t known_id = 0;  // of its ledger entry; 0: new
  item_identity item;
  item_status status = item_status::done;
  std::string reason;       // of the first error, or of the skip
  std::string error_stage;  // where the error came from
  std::vector<outcome_row> rows;
  std::optional<stream_end> ended;  // then there is no item: all of this stream's were in earlier units
};

struct table_row {
  std::int64_t item = 0;
  std::string key;
  std::string blob;
};

// automatic: WAL, or on a network file system a rollback journal and the file for this process alone.
enum class journal_mode : std::uint8_t { automatic, rollback };

class run_store {
 public:
  // Makes the database, or opens the one that is there and brings its outcome tables in line with `outcomes`.
  // Throws store_error. The caller holds the run lock.
  static std::unique_ptr<run_store> open(const std::filesystem::path& run_directory, std::vector<outcome> outcomes,
                                         journal_mode journal = journal_mode::automatic);
  ~run_store();

  // What to tell the user about the way the database is kept; empty: nothing.
  const std::string& journal_note() const;

  // Items already in the store, by source, stream and key. Call before the first commit; not thread-safe.
  void load_ledger();
  const ledger_entry* find(std::string_view source, std::string_view stream, std::string_view key) const;
  void mark_seen(const ledger_entry& entry);
  // A sequence that was read to its end and whose frames are all current (and, for `without_failed`, none failed). Of
  // `end`, `frames` is not looked at.
  struct finished_frames {
    std::uint64_t frames = 0, failed = 0;
  };
  std::optional<finished_frames> find_finished(const stream_end& end, bool without_failed) const;
  // All its frames are listed again.
  void mark_stream_seen(const stream_end& end);
  // After a complete listing: items of `source` that were not seen are gone (kept in the database, left out of exports
  // and gathers); those seen again come back. May be called beside commit().
  // Returns how many of them are gone.
  std::uint64_t mark_missing(const std::string& source);

  // All units in one transaction. Throws store_error; then none of them is in the database. An item written twice is
  // a store_error (70). The values of an item whose size or mtime_ns changed are all dropped first.
  void commit(const std::vector<commit_unit>& units);

  // Values of one outcome under today's fingerprint, in item order (source, stream, then key in a set and seq in a
  // sequence), without items that are gone.
  // `stream`: of that one only, 0: of all.
  std::vector<table_row> read_table(std::size_t outcome, std::int64_t stream = 0) const;
  // The streams that read_table's rows are of.
  std::set<std::int64_t> streams_of(std::size_t outcome) const;
  // Hash over what read_table would give: says whether a gather must run again.
  std::string table_digest(std::size_t outcome) const;
  // A gather's answer: one row per item, one per stream (with minus the stream's id), or a single row with item 0.
  // Replaces the old ones in one transaction.
  void write_gathered(std::size_t outcome, const std::string& input_digest, const std::vector<outcome_row>& values,
                      const std::vector<std::int64_t>& items);
  // What a gather gave the last time, under whatever fingerprint: of the items or, as write_gathered() numbers them, of
  // the streams or the whole run. Without a value where it gave none, or had another type then.
  std::vector<std::optional<std::string>> read_earlier(std::size_t outcome,
                                                       const std::vector<std::int64_t>& items) const;
  // Whether the stream is a medium of many items, not the stills of a source.
  bool is_sequence(std::int64_t stream) const;
  // The input digest under which the outcome was last written with today's fingerprint; empty: never.
  std::string gathered_digest(std::size_t outcome) const;

 private:
  run_store() = default;
  struct state;
  std::unique_ptr<state> s_;
};

}  // namespace flowrun::core
