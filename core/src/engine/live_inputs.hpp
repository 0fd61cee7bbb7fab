// Between push() and admission: what was accepted and has no place yet, and the exact count of what has not ended.
#pragma once
#include <condition_variable>
#include <deque>
#include <flowrun/input_stage.hpp>
#include <flowrun/live_run.hpp>
#include <functional>
#include <mutex>

namespace flowrun::core {

class live_inputs {
 public:
  // `refusing`: the run takes no more items, asked with every push.
  live_inputs(std::size_t inputs, int most, std::function<bool()> refusing);

  // Any thread. Gives a place to the item, or says why not.
  push_outcome put(std::size_t input, std::shared_ptr<pushed_item> item, std::stop_token stop,
                   std::chrono::milliseconds timeout);
  // Admission: the next item; null: none now, or, with `over`, none any more.
  std::shared_ptr<item_ref> take(std::size_t input, bool& over);
  void free_place();  // an accepted item has ended
  void close();
  // Those who wait in put() look again: the run may take no more.
  void look_again();

  struct left_over {
    std::size_t input;
    std::shared_ptr<pushed_item> item;
  };
  // No item is taken any more: refuses all to come and gives back what waits.
  std::vector<left_over> end();

 private:
  bool open() const { return !closed_ && !ended_ && !refusing_(); }

  const int most_;
  const std::function<bool()> refusing_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::vector<std::deque<std::shared_ptr<pushed_item>>> waiting_;  // by input
  int unfinished_ = 0;                                             // accepted items that have not ended
  bool closed_ = false, ended_ = false;
};

}  // namespace flowrun::core
