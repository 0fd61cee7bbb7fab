// The items of a run with their answers, in item order: what every export is made from.
#pragma once
#include <cstdint>
#include <filesystem>
#include <flowrun/schema.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sqlite.hpp"

namespace flowrun::core {

enum class answer_kind : std::uint8_t { none, value, skip, error };  // none: not recorded under the last run's graph

// A kept port, sink or leaf of the last run as the database describes it, with its answer for the current item.
struct exported_outcome {
  std::string stage, port, label, table;
  schema fields;
  std::int64_t fingerprint = 0;
  bool gathered = false, per_item = true, per_stream = false;
  statement find;  // (item) -> fingerprint, status, reason, value

  answer_kind answer = answer_kind::none;
  std::string_view reason, value;  // until the next item

  bool keeps_values() const { return !port.empty(); }
};

struct exported_item {
  std::int64_t id = 0;
  std::string key, source, stream, reason, error_stage;
  std::uint64_t seq = 0;  // in a set: the rank
  std::int64_t time_ns = 0;
  int status = 0;
};

class exported_items {
 public:
  // The database as it is at this moment, also where a run goes on writing. sorted: outcomes by label, else in the
  // run's order. Throws store_error.
  exported_items(const std::filesystem::path& run_directory, bool sorted);

  // To the next item; false: there is none. Items that are gone, and items with an answer that belongs to an earlier
  // version of the graph (its re-run was interrupted), are passed over.
  bool next();
  // next() begins anew.
  void rewind();
  // To the next stream for which a gather answered; item() then has source and stream, and an id below zero.
  bool next_stream();
  // What gathers answered for the whole run; item() is then empty.
  void find_run_answers();

  const exported_item& item() const { return item_; }
  std::vector<exported_outcome>& outcomes() { return outcomes_; }

 private:
  bool find_answers();
  void read_item();

  std::unique_ptr<database> db_;
  transaction one_moment_;
  std::vector<exported_outcome> outcomes_;
  statement rows_, streams_;
  exported_item item_;
  std::string set_;  // the source whose set of stills is being read
  std::uint64_t rank_ = 0;
};

const char* status_name(int status);

// Throws the store_error for a value whose bytes do not fit its schema.
[[noreturn]] void fail_damaged(const exported_outcome& o, const exported_item& item, const char* what);

}  // namespace flowrun::core
