// Model stages for random graphs, and a session that holds every row it sees to what was prepared.
#pragma once
#include <memory>
#include <vector>

#include "random_generator.hpp"
#include "random_stages.hpp"
#include "run/model_run.hpp"

namespace random_stages {

// The text of the sessions' random failures: the one answer that is not foretold by the item alone.
inline constexpr auto session_fault = "session fault";

// Rows of one size; of many, each rounded up to one of two buckets; or of as many shapes as there are sizes.
enum class row_sizes { one, buckets, any };

// How many values row `row` of the item has.
std::size_t size_of(std::uint64_t item, int stage, std::size_t row, row_sizes sizes);
// How many rows item `item` has at model stage `stage`.
std::size_t rows_of(std::uint64_t item, int stage, int most);

struct session_settings {
  int stage = 0;
  int fail_percent = 0;       // of calls
  std::size_t oom_above = 0;  // rows; 0: never
  int oom_percent = 0;        // of calls with more than one row
  int jitter_mode = 0;
  row_sizes sizes = row_sizes::one;
};
std::shared_ptr<flowrun::session> make_session(const session_settings& s);
const flowrun::model_file& test_model(row_sizes sizes);

// A session in the run's own threads, or on a device whose pool is as large as the slots need, or smaller.
flowrun::core::model_run plan_model(generator& g, int stage, int jitter_mode, row_sizes sizes);

// Networks of a device stage, whose calls have one row or two.
flowrun::core::model_run plan_lanes(generator& g, int stage, int jitter_mode, row_sizes sizes);

// Whether an answer is a session's doing, which the item alone does not foretell.
bool is_session_fault(const std::string& reason);
// How often the sessions of a run were given back.
int releases_of(const flowrun::core::model_run& m);

// "model" reads one input, "model_two" joins two; "lane" joins two and calls its networks itself.
std::vector<flowrun::stage_info> model_stages();

}  // namespace random_stages
