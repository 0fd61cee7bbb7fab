// A graph that runs inside a host program: push items, take results. It has no run directory and no store: nothing is
// written but what stages themselves write, and cached answers. Nothing throws but std::bad_alloc and, on misuse,
// std::logic_error; nothing prints, exits, or touches signals, the environment or another library's settings.
//
//   flowrun::live_run live(engine.load_text(text, "embed"), {.on_result = [](const flowrun::item_result& r) {...}});
//   live.push("photos", {"a.jpg", image});
//   live.close();
//   flowrun::report report = live.wait();
#pragma once
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "api.hpp"
#include "engine.hpp"
#include "item_result.hpp"
#include "live_item.hpp"
#include "report.hpp"
#include "run.hpp"

namespace flowrun {

struct live_options {
  // Called for each result, by one thread of the run's own, one call at a time, in the order in which items end. The
  // item keeps its place among those in flight until the call returns: a slow callback slows push(), memory stays
  // bounded. It may call try_push(), close(), cancel() and now(); push() and wait() throw there. If it throws, the run
  // is cancelled with exit code 70 and it is not called again. Empty: results wait for pull().
  std::function<void(const item_result&)> on_result = {};
  // Gets what stages log and what fails, any thread; what it throws is ignored. Empty: nobody is told.
  std::function<void(log_level, std::string_view)> on_log = {};
  std::string out = {};         // folder for stages that write files; empty: the current one
  int threads = 0;              // 0: the graph's, else the cores this process may use
  bool adjust_process = false;  // as run_options has it
};

enum class push_outcome : std::uint8_t {
  accepted,   // the item has exactly one result, whatever happens
  timed_out,  // no place came free in time
  stopped,    // the stop_token asked
  closed,     // after close()
  ended       // the run takes no more: cancelled, or it failed; wait() says why
};
FLOWRUN_API const char* to_text(push_outcome o);

inline constexpr std::chrono::milliseconds forever = std::chrono::milliseconds::max();

// All members but constructor and destructor may be called by any thread at any time.
class FLOWRUN_API live_run {
 public:
  // Opens models and stages before it returns, and starts to run in threads of its own. A graph that cannot start has
  // ended: push() says so, wait() says why. Sources that are no inputs run as usual. Throws std::logic_error if the
  // graph is not ok().
  explicit live_run(const graph& g, live_options options = {});
  // Cancels what still runs, and waits for it. Results that nobody pulled are gone.
  ~live_run();
  live_run(const live_run&) = delete;
  live_run& operator=(const live_run&) = delete;

  // `input`: name of a stage made by make_input(). An item is accepted while fewer than run.in_flight accepted ones are
  // unfinished. Both throw std::logic_error if there is no such input, or it takes another type.
  bool try_push(std::string_view input, const live_item& item);  // false: no place now, or closed, or ended
  // Waits for a place.
  push_outcome push(std::string_view input, const live_item& item, std::stop_token stop = {},
                    std::chrono::milliseconds timeout = forever);

  // The next result, in the order in which items end. Nothing: none came in time, or ended(). With pull(), an item's
  // place is free when it has ended, so one thread can push and pull at in_flight 1; the results that wait for pull()
  // are not bounded: pull as often as you push. Throws std::logic_error if there is a callback.
  std::optional<item_result> pull(std::chrono::milliseconds timeout = forever);

  void close();   // no more input; what was accepted runs to its end
  void cancel();  // what was accepted ends as soon as it can, as cancelled

  // Waits until everything ended, callbacks too; results for pull() stay. Without close() or cancel() by somebody it
  // waits for ever. Exit codes as a run's.
  report wait();
  bool ended() const;  // the run is over, and every result was taken or told
  progress now() const;

 private:
  struct parts;
  std::unique_ptr<parts> p_;
};

}  // namespace flowrun
