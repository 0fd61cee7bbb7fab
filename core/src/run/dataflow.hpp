// Runs the item stages of a checked graph once, as one oneTBB flow graph in an arena of its own. Knows nothing of
// stores, files or terminals: what happens to a finished item is the caller's.
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <flowrun/stage.hpp>

#include "../graph/checked_graph.hpp"
#include "item.hpp"
#include "model_run.hpp"
#include "stage_cache.hpp"
#include "stream.hpp"

namespace flowrun::core {

// What becomes of one item, told once, when nothing of it moves any more.
enum class item_end { done, skipped, failed, cancelled };

struct finished_item {
  item_end end = item_end::done;
  const item* in_flight = nullptr;  // valid during the call
  int reason_stage = -1;            // whose slot holds the reason of a failure or skip; -1: none
};

struct dataflow_options {
  int threads = 1;
  bool adjust_process = false;  // let oneTBB start more threads than there are cores, process-wide, if `threads` asks
  int in_flight = 16;
  std::uint64_t ram = 0;                // bytes of values in flight, 0: no bound
  std::vector<bool> needed_for_replay;  // by stage, also for context; empty: all
  // Before an item is read, or as soon as a frame is known; `stream` is empty for stills. Any thread, one call at a
  // time for each stream. Null: every item is fresh.
  std::function<admission_decision(int source, const std::string& stream, const item_ref&)> decide;
  // Serial, before a sequence is opened: how many frames it has if all of them are finished and they are no more than
  // `most`. Null: none are.
  std::function<std::optional<std::uint64_t>(int source, const item_ref& medium, std::uint64_t most)> finished_stream;
  // A sequence was read to its end and all its items are finished. Any thread. Null: nobody asks.
  std::function<void(int source, const item_ref& medium, std::uint64_t frames)> on_stream_ended;
  // By stage, null: the stage's own next(). Asked in the serial admission body: an item, or null: nothing now, the
  // place waits for wake(); or null and `ended`. Empty: none.
  std::vector<std::function<std::shared_ptr<item_ref>(bool& ended)>> feeds;
  // By stage: this source is listed to its end before anything is read, and each item shown to `look`.
  std::vector<bool> list_ahead;
  std::function<void(int source, const item_ref&)> look;
  // Any thread. False: the item's place is owed; give_places() gives it back. Null: always free.
  std::function<bool(const finished_item&)> on_finished;
  std::vector<std::shared_ptr<stage_cache>> caches;  // by stage, null: none; empty: none at all
  std::vector<model_run> models;                     // by stage; empty: the graph has no model stages
  std::chrono::milliseconds memory_wait{60000};      // for a device whose memory others took
  std::function<stage_context(int stage)> context;   // for stage objects made later (one per stream)
};

struct stage_numbers {
  std::uint64_t calls = 0, values = 0, skips = 0, errors = 0, retries = 0;
  std::uint64_t cached = 0;  // answers taken from an earlier call
  double busy_seconds = 0;
  int peak_calls = 0;  // most calls at once
  int parallel = 0;    // the plan's limit
  // Of a model stage; of a device stage those that it has, a batch being a call of one of its networks:
  std::uint64_t batches = 0, rows = 0, holes = 0, out_of_memory = 0;
  std::uint64_t full = 0, half = 0, quiet = 0, displaced = 0;  // why batches went
  double session_seconds = 0;                                  // of all lanes together
  double wait_seconds = 0;                                     // batches waited for a slot and for memory, together
  double rowless_seconds = 0;                                  // no batch was on its way
  std::vector<std::uint64_t> eighths;                          // batches by rows, in eighths of `batch`
  std::string device;                                          // "cpu", "cuda:0"
  session_figures figures;
  double calling_seconds = 0;  // in which at least one of them called
  int slots = 0, peak_slots = 0;
  std::size_t batch = 0, ceiling = 0;  // rows: asked for, and what the device's memory allowed
};

struct dataflow_numbers {
  std::uint64_t read = 0, done = 0, skipped = 0, failed = 0, cancelled = 0, already = 0, replayed = 0, context = 0;
  std::uint64_t total = 0;  // items the sources announced, 0: unknown
  int peak_in_flight = 0;
  std::int64_t peak_bytes = 0;
  std::uint64_t reads_withheld = 0;  // times the RAM bound kept a source waiting
  std::string largest_item;          // key of an item that alone exceeded the bound; empty: none did
  std::vector<stage_numbers> stages;
  bool sources_ended = false;      // every source was read to its end
  std::vector<bool> source_ended;  // by stage
};

enum class stop_kind { none, asked, on_error, error_rate, run_error, device_lost, internal_error };

class dataflow {
 public:
  // `code`: one per stage of the graph, null for gathers. Sources are opened here, and stages with a start() are opened
  // and started: throws start_error.
  dataflow(const checked_graph& graph, std::vector<const stage_info*> code, dataflow_options options);
  ~dataflow();

  // Lists the sources of `list_ahead`. Before run(), which ends at once if a source threw.
  void list_ahead();

  // Opens the other stages, but not those that only idle sources reach: opening a file for nothing may empty it.
  // `idle_sources` by stage, empty: none. Throws start_error.
  void open_stages(const std::vector<bool>& idle_sources = {});

  // Returns when every admitted item is finished.
  void run();

  // Any thread, any time:
  void drain(stop_kind why, const std::string& text);  // admit no more; what is in flight ends as usual
  void cancel();                                       // what is in flight answers `cancelled` as soon as it can
  void give_places(std::size_t n);                     // of items whose on_finished said false
  void wake();                                         // a feed has something: a waiting place asks again
  std::size_t waiting_places() const;                  // that found nothing to admit now
  dataflow_numbers numbers() const;
  stop_kind stopped() const;
  std::string stop_text() const;
  bool draining() const;

  // After run() when all items went through: ends the stages' objects. Throws start_error.
  void close_stages();

 private:
  struct parts;
  std::unique_ptr<parts> p_;
};

}  // namespace flowrun::core
