// One line of an export.
#pragma once
#include <cstdint>
#include <flowrun/schema.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sqlite.hpp"

namespace flowrun::core {

// A kept port, sink or leaf as the database describes it.
struct exported_outcome {
  std::string stage, port, label, table;
  schema fields;
  std::int64_t fingerprint = 0;
  bool gathered = false, per_item = true;
  statement find;  // (item) -> fingerprint, status, reason, value
};

// Those of the last run, in its order; sorted: by label.
std::vector<exported_outcome> read_exported_outcomes(database& db, bool sorted);

struct exported_item {
  std::int64_t id = 0;
  std::string key, source, stream, reason, error_stage;
  std::uint64_t seq = 0;
  std::int64_t time_ns = 0;
  int status = 0;
};

// The keys of a JSON object in the order they are given, or sorted.
class json_object {
 public:
  explicit json_object(bool sorted) : sorted_(sorted) {}
  void add(std::string_view key, std::string json) { fields_.emplace_back(key, std::move(json)); }
  void add_text(std::string_view key, std::string_view text);
  bool empty() const { return fields_.empty(); }
  std::string text();

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
  bool sorted_;
};

// The item's answers, or of the run's where id is 0. False: its answers belong to an earlier version of the graph.
bool add_answers(std::vector<exported_outcome>& outcomes, const exported_item& item, const char* values_key,
                 bool sorted, json_object& record);

}  // namespace flowrun::core
