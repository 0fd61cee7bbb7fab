// What the bodies of one running graph share. Its functions stand in ticket.cpp, admission.cpp, next_work.cpp,
// streams.cpp, read_frame.cpp, answer.cpp, order.cpp, window.cpp, finish.cpp, flush.cpp, prepare_rows.cpp,
// run_batch.cpp, finish_rows.cpp, run_on_lane.cpp and start_stage.cpp; build_graph.cpp wires the bodies into oneTBB
// nodes.
#pragma once
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>

#include "batcher.hpp"
#include "dataflow.hpp"
#include "device_stage.hpp"

namespace flowrun::core {

struct stage_counters {
  std::atomic<std::uint64_t> calls{0}, values{0}, skips{0}, errors{0}, retries{0}, cached{0}, busy_ns{0};
  std::atomic<int> active{0}, peak{0};
};

// Counts one call of a stage's code from here to end().
class stage_call {
 public:
  explicit stage_call(stage_counters& c);
  void end(bool counts = true);  // false: a part of a call

 private:
  stage_counters& c_;
  std::chrono::steady_clock::time_point begin_;
};

// When a stage's sessions are needed no more: its sources are over, and every item that reaches it has its answer.
struct session_life {
  std::atomic<std::uint64_t> expected{0}, answered{0};  // admitted items that reach the stage, and its answers
  std::atomic<bool> sources_over{false}, released{false};
};

enum class turn_rule { none, by_stream, by_run };

struct stage_state {
  int index = 0;
  const checked_stage* spec = nullptr;
  const stage_info* code = nullptr;  // null: a gather, which has no part in the flow
  int first_value = 0;
  int outputs = 0;
  std::vector<int> successors;  // stages that read from it
  bool matters = false;         // kept, a sink or a leaf: its error is the item's failure
  turn_rule order = turn_rule::none;
  int parallel = 1;
  bool needed_for_replay = true;
  stage_cache* cache = nullptr;
  bool feeds_windows = false;            // a source: a window reads straight from it
  std::unique_ptr<stage_object> object;  // null for serial stages by stream
  std::unique_ptr<turnstile> run_order;  // by_run
  std::unique_ptr<batcher> model;        // of a model stage
  std::unique_ptr<device_stage> device;  // of a device stage
  std::unique_ptr<session_life> life;    // of a stage whose sessions can be released before the run's end
  int model_index = -1;                  // among the model stages
  std::unique_ptr<stage_counters> finish_counters = std::make_unique<stage_counters>();  // of a model stage
  std::unique_ptr<stage_counters> counters = std::make_unique<stage_counters>();

  bool is_window() const { return code && code->shape == stage_shape::window; }
  bool has_object_by_stream() const { return order == turn_rule::by_stream && !is_window() && !model; }
};

// What an item of one source meets: unions make it differ between sources.
struct source_plan {
  std::vector<bool> reaches;                   // by stage
  std::vector<int> waiting;                    // by stage: how many stages it hears from
  std::vector<std::vector<int>> input_values;  // by stage and input: value index, -1: unwired
  std::vector<int> readers;                    // by value
};

// What a place is to do.
struct work {
  int source = -1;
  std::shared_ptr<item_ref> ref;           // a still to admit
  std::shared_ptr<stream_state> sequence;  // or a sequence to read the next frame of
  admission_decision decision;
  bool later = false;  // neither now, but there will be
};

struct run_state {
  const checked_graph& graph;
  dataflow_options options;
  std::vector<stage_state> stages;
  std::vector<int> value_stage;                     // by value: the stage it comes from
  std::vector<int> sources;                         // stage indices
  std::vector<int> models;                          // stage indices
  std::vector<source_plan> plans;                   // by stage index, empty for stages that are no source
  std::vector<std::shared_ptr<stream_state>> sets;  // by source stage: its stills

  // Set by build_graph.
  std::function<void()> send_place;                  // a free place to the admission body
  std::function<void(int source, item*)> send_item;  // an admitted item to its source's load body
  std::function<void()> reserve_wait, release_wait;

  // Exact count of what can still move: free places under way, items with a moving message, owed places, batches sent.
  std::atomic<std::int64_t> moving{0};
  std::atomic<int> free_places{0};  // on their way to the admission body
  std::atomic<int> live{0};
  std::atomic<int> peak_live{0};
  std::atomic<bool> draining{false}, cancelled{false}, device_gone{false};
  std::atomic<std::uint64_t> read{0}, done{0}, skipped{0}, failed{0}, cancelled_items{0}, already{0}, replayed{0},
      context{0};

  // Admission; touched by its serial body only.
  std::vector<bool> source_ended;   // by stage
  std::ptrdiff_t sources_over = 0;  // how many of them release_sessions.cpp has seen
  std::size_t next_source = 0;
  std::vector<std::uint64_t> passed_over;  // by stage: items of the source's set that were finished already
  std::vector<std::optional<std::deque<std::shared_ptr<item_ref>>>> listed_ahead;  // by stage
  std::vector<std::shared_ptr<item_ref>> held_back;  // by stage: a sequence, while as many are read as may be
  std::vector<bool> list_over;                       // by stage: it lists no more; its sequences may still be read
  bool strict = false;                               // a limit of items: media are read one after another
  std::atomic<bool> ended{false};
  std::unique_ptr<std::atomic<std::uint64_t>[]> listed;  // by stage: items so far, finished ones too
  std::atomic<std::uint64_t> listed_in_all{0};

  // Sequences being read, and places that found nothing to do.
  mutable std::mutex places_mutex;
  std::vector<std::vector<std::shared_ptr<stream_state>>> active;  // by source stage
  std::unique_ptr<std::atomic<std::size_t>[]> being_read;          // by stage: how many of them; only admission adds
  std::atomic<std::uint64_t> news{0};                              // times something to do came
  std::atomic<int> waiting{0};                                     // changed under the lock; only admission adds
  bool feeding = false;                                            // the graph is held open for feeds
  std::atomic<std::uint64_t> streams_made{0};
  std::mutex turn_mutex;
  bool turns_meet = false;  // frames of several sequences take turns at once

  // The RAM bound (ram_bound.cpp).
  std::mutex ram_mutex;
  std::int64_t reserved = 0;
  double growth = 2.0;    // peak bytes of an item / its estimate, decayed maximum
  double estimate = 0;    // decayed maximum of the items' estimates, bytes
  bool measured = false;  // an item has finished: growth and estimate are seen, not assumed
  int withheld = 0;
  std::uint64_t reads_withheld = 0;
  std::string largest_item;
  std::int64_t largest_item_bytes = 0;
  std::atomic<std::int64_t> live_bytes{0}, peak_bytes{0};

  mutable std::mutex stop_mutex;
  stop_kind why_stopped = stop_kind::none;
  std::string stop_text;

  std::mutex pool_mutex;
  std::vector<std::unique_ptr<item>> pool;

  run_state(const checked_graph& g, dataflow_options o) : graph(g), options(std::move(o)) {}

  // ticket.cpp
  void drop(item* it);            // one message of the item has ended
  void fan_out(item* it, int n);  // one message becomes n
  void hold(item* it);            // before it is put on a waiting list; a drop() follows
  void unpark(item* it);          // it moves again
  void unit_down();               // a unit of `moving` has ended
  void unit_up() { moving.fetch_add(1); }
  void place();  // sends one free place

  // flush.cpp: which open batches go although they are not full
  bool flush_fullest();  // nothing else can move; false: there is no open batch
  void check_batches();  // half-full ones whose rows have all come
  void send_batch(stage_state& s, batch* b);

  // admission.cpp
  void admit();
  item* make_item(int source, std::shared_ptr<stream_state> stream);
  void identify(item* it, std::shared_ptr<item_ref> ref, const admission_decision& decision, std::uint64_t seq,
                std::uint64_t ordinal);
  void enter(item* it);  // it counts as read from here on, and has its turns

  // next_work.cpp
  work next_work();
  bool next_listed(std::size_t source, work& w);  // false: this source has nothing now
  std::shared_ptr<item_ref> next_ref(std::size_t source, bool& later);
  std::shared_ptr<item_ref> ask_source(std::size_t source);
  std::uint64_t room_for(int source) const;  // how many more items the limits allow
  bool may_list(int source);                 // one more, if there is room
  bool wait_for_work(std::uint64_t seen_news);
  void work_came();
  void stop_waiting();
  bool take_waiting();  // a place that waits is to look again

  // streams.cpp
  std::unique_ptr<stage_object> make_object(const stage_state& s) const;
  std::shared_ptr<stream_state> make_stream(int source, const std::string& name);
  std::shared_ptr<stream_state> set_of(int source);
  std::shared_ptr<stream_state> idle_sequence(std::size_t source);
  std::shared_ptr<stream_state> add_sequence(int source, std::shared_ptr<item_ref> medium);
  void leave_sequence(stream_state& s);
  void leave_stream(const std::shared_ptr<stream_state>& s);  // one of its `open` has ended

  // read_frame.cpp: a source's body; `send` hands the answered item on
  void load(item* it, stage_state& s, const std::function<void(item*)>& send);
  bool next_frame(stream_state& stream, stage_state& s, loaded_frame& frame);
  status read_frame(stream_state& stream, stage_state& s, loaded_frame& frame);
  void load_frame(stream_state& stream, stage_state& s, loaded_frame& frame);
  void dissolve(item* it);

  // window.cpp
  void pair(item* it, stage_state& s);  // in turn: the item gets the previous value, and its own becomes the previous
  status open_window(item* it, stage_state& s, const void** in);
  void close_window(slot& of_item);

  // ram_bound.cpp
  bool reserve_read();  // false: the place is withheld until an item finishes
  void reserve_item(item* it);
  void return_reservation(item* it);
  void forget_reservation(item* it);  // nothing was read
  int take_withheld();

  // answer.cpp
  void answer(item* it, stage_state& s);
  void settle(item* it, stage_state& s, status answered, int origin);
  // release_sessions.cpp: of a stage that no item can reach any more
  void count_answer(stage_state& s);
  void look_for_ended_sources();  // by admission
  void release_sessions(stage_state& s);
  void count_bytes(item* it, std::int64_t more);
  status gather_inputs(item* it, stage_state& s, const void** in, int& origin) const;
  status call(item* it, stage_state& s, const void* const* in, payload* out, std::string& reason);
  item_info describe(const item* it) const;
  // Without the stage's code: as its inputs have it (`origin`: whose answer that is), or from its cache, and then the
  // values are kept. none: the code is to be asked, with `in`; `key` is what to put its answer under.
  status answer_early(item* it, stage_state& s, const void** in, payload* out, std::string& key, int& origin);
  // From the stage's cache, if it has one and there is an answer; else none, and `key` is what to put it under.
  status recall(item* it, stage_state& s, const void* const* in, payload* out, std::string& reason, std::string& key);
  static void remember(stage_state& s, const std::string& key, status answered, const payload* out,
                       const std::string& reason);
  void keep_values(item* it, stage_state& s, payload* out);
  void done_reading(item* it, const stage_state& s);
  void release(item* it, port_value& v);
  // One more stage has answered: true if the stage may start now.
  bool arrived(item* it, const stage_state& s);
  void* object_for(item* it, const stage_state& s) const;

  // order.cpp
  turnstile& gate_of(item* it, const stage_state& s) const;  // of a stage with an order
  bool reads_cancelled(const item* it, const stage_state& s) const;
  // Runs the item, and those that waited for it, or parks it; `send` hands an answered item on.
  void pass_in_order(item* it, stage_state& s, const std::function<void(item*)>& send);

  // prepare_rows.cpp, finish_rows.cpp: a model stage's two halves; `send` hands the item to the second
  void prepare(item* it, stage_state& s, const std::function<void(item*)>& send);
  status call_prepare(item* it, stage_state& s, const void* const* in, row_set& rows, std::string& reason);
  void finish_rows(item* it, stage_state& s);
  status call_finish(item* it, stage_state& s, row_set& rows, payload* out, std::string& reason);

  // run_on_lane.cpp: a device stage. True: the item needs a lane, and waits for a slot; else it has its answer.
  bool needs_lane(item* it, stage_state& s);
  void run_on_lane(item* it, stage_state& s, const std::function<void()>& give_slot);
  status call_on_lane(item* it, stage_state& s, const void* const* in, payload* out, std::string& reason);

  // start_stage.cpp
  void start_stage(stage_state& s);

  // run_batch.cpp
  void run_batch(stage_state& s, batch* b, const std::function<void(item*)>& send,
                 const std::function<void()>& give_slot);
  void run_rows(stage_state& s, const batch& b, std::size_t first, std::size_t n);
  run_result call_session(stage_state& s, const batch& b, std::size_t first, std::size_t n, std::vector<tensor>& out);
  void give_rows(stage_state& s, const batch& b, std::size_t first, std::vector<tensor> out, std::size_t n);
  void fail_rows(stage_state& s, const batch& b, std::size_t first, std::size_t n, const std::string& why);
  void cancel_rows(stage_state& s, const batch& b, std::size_t first, std::size_t n);
  bool wait_for_memory(stage_state& s);

  // finish.cpp
  void finish(item* it);
  void recycle(item* it);
  void stop(stop_kind why, const std::string& text);
  void judge_errors(const stage_state& failed_stage);
  std::string state_table() const;
};

}  // namespace flowrun::core
