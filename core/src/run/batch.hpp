// Rows on their way through a session.
#pragma once
#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <flowrun/rows.hpp>

namespace flowrun::core {

struct item;

// The buffers of one call of a session, and whose rows are in them. Reused: pages once touched stay.
struct batch {
  std::vector<tensor> inputs;                  // by input of the model; the first side is the most rows it can hold
  row_shapes shapes;                           // of its rows; empty: the model has one shape. Buffers hold the largest
  int taken = 0;                               // rows handed out
  int committed = 0;                           // rows whose prepare has ended
  std::uint64_t number = 0;                    // in the order in which they were opened
  std::chrono::steady_clock::time_point sent;  // when it went on its way
  bool closed = false;                         // no more rows: it goes when all that were taken are committed
  std::vector<item*> owners;                   // by row; null: a hole, left by a prepare that failed
  std::vector<int> row_of;                     // by row: its number among its owner's rows
};

// Whether the session gave `rows` rows as the model file promises; empty: it did. (run_batch.cpp)
std::string find_output_fault(const model_file& m, const std::vector<tensor>& out, std::size_t rows);
// Of row `row` of `rows`; empty: every value is a number, or lies on a device. (run_batch.cpp)
std::string find_nan(const model_port& output, const tensor& values, std::size_t row, std::size_t rows);
std::string find_nan(const model_file& m, const std::vector<tensor>& out, std::size_t row, std::size_t rows);

// What a model stage knows of one item while its rows are away.
struct row_set {
  std::string cache_key;     // of the item's answer, where the stage has a cache
  std::atomic<int> left{0};  // rows that are not back, plus one while prepare works
  std::vector<result_row> back;
  std::shared_ptr<void> notes;
  std::atomic<bool> cancelled{false};
  std::string fault;       // why a row has no result; under the batcher's mutex
  std::int64_t bytes = 0;  // of its rows and results, counted as the item's
};

}  // namespace flowrun::core
