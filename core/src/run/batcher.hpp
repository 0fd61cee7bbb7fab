// Fills the batches of one model stage and says when one goes. Taking a row never waits: what limits the open rows is
// the number of items in flight.
#pragma once
#include <array>
#include <chrono>
#include <functional>
#include <map>
#include <mutex>

#include <flowrun/backend.hpp>

#include "batch.hpp"
#include "calling_time.hpp"
#include "model_run.hpp"

namespace flowrun::core {

class batcher {
 public:
  explicit batcher(model_run run);

  const model_run setup;
  const row_format format;

  // Set by build_graph: to the queue before the limiter.
  std::function<void(batch*)> send;
  // As send(), but of a network with a state a batch waits for those opened before it: a stream's rows stay in order.
  void send_in_turn(batch* b);

  // Whether the model has sides with ranges: its rows come with shapes, whole and rounded up to buckets.
  const bool ranged;
  // The next row of the open batch of that shape. The row belongs to `owner`; it counts as taken until commit().
  // `displaced`: a batch that had to make room, to be sent; null: none, or some row is not committed yet.
  batch* take(item* owner, int row, const row_shapes& shapes, int& index, batch*& displaced);
  // Ends a prepare: its rows may go. With `failed` they become holes. Batches that are complete by it are to be sent.
  std::vector<batch*> commit(const std::vector<std::pair<batch*, int>>& rows, bool failed);
  // A prepare or another answer at this stage: every admitted item that reaches the stage does this once.
  void arrive();
  // Closes the fullest open batch. The result is to be sent; null: some row is not committed yet, or none open.
  batch* close();
  // How full the fullest open batch is, 0..1; 0: there is none.
  double fullness();
  // The fullest batch, which may go where half a batch of rows is there, of all shapes together, and nothing else can
  // come soon (`in_flight` limits what could come).
  batch* close_if_half(int in_flight);

  // The run begins and ends here: between, the time without a batch on its way counts as waiting for rows.
  void begin();
  void end();
  double rowless_seconds() const;
  void add_wait(std::chrono::steady_clock::time_point since);  // of a batch, until now
  void count_rows(std::size_t rows);                           // of a batch that is computed

  void sent(batch* b);      // a batch went on its way
  void returned(batch* b);  // its buffers are free again
  void drop_buffers();      // of the free batches
  // A session ran out of memory above `rows`; true if that lowered the ceiling.
  bool lower_ceiling(std::size_t rows);
  void add_fault(row_set& of, const std::string& text);

  std::atomic<std::uint64_t> expected{0};  // admitted items that reach this stage
  std::atomic<std::uint64_t> batches{0}, rows{0}, holes{0}, out_of_memory{0}, session_ns{0};
  std::atomic<std::uint64_t> full{0}, half{0}, quiet{0}, displaced{0};  // why a batch went
  std::atomic<std::uint64_t> wait_ns{0};                // batches waited for a slot and for memory of the device
  std::array<std::atomic<std::uint64_t>, 8> eighths{};  // batches by rows, in eighths of the planned batch
  std::atomic<int> in_slots{0}, peak_slots{0};          // batches past the limiter
  calling_time calling;
  std::size_t ceiling() const { return limit_.load(); }

 private:
  batch* make_open(const row_shapes& shapes);
  batch* close_locked(batch* b);
  batch* fullest() const;  // of the open ones, which are at least one

  mutable std::mutex mutex_;
  std::vector<batch*> open_;  // one for each shape that rows came of, the one that got a row last at the end
  int running_ = 0;           // sent and not returned
  std::uint64_t opened_ = 0;
  bool counting_ = false;
  std::chrono::steady_clock::time_point idle_since_{};
  std::chrono::nanoseconds idle_{0};  // without a batch on its way
  std::uint64_t arrived_ = 0;
  std::atomic<std::size_t> limit_;
  std::vector<std::unique_ptr<batch>> all_;
  std::vector<batch*> free_;
  std::mutex turn_mutex_;
  std::uint64_t next_turn_ = 0;
  std::map<std::uint64_t, batch*> early_;  // by number
};

}  // namespace flowrun::core
