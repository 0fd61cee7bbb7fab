// The thread that commits finished items in groups, with a bounded backlog.
#pragma once
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "run_store.hpp"

namespace flowrun::core {

struct writer_options {
  std::size_t max_units = 2000;                            // backlog above which a place is owed
  std::size_t max_bytes = 64u << 20;                       // likewise, of blobs
  int group_ms = 100;                                      // how long a group may wait
  std::function<void(std::size_t owed)> on_committed;      // gives back that many owed places, called after COMMIT
  std::function<void(const std::string& text)> on_failed;  // once; this and later units are dropped, owed
                                                           // places still given back: the graph drains
};

class store_writer {
 public:
  store_writer(run_store& store, writer_options options);
  ~store_writer();  // finishes

  // False: units or bytes inside exceed the bound (this one counted), the item's place is owed until its own group is
  // committed. The end of a stream has no place and is never owed one. Any thread, before finish().
  bool push(commit_unit unit);
  // Commits what is left and ends the thread. Idempotent.
  void finish();

  struct numbers {
    std::uint64_t groups = 0, units = 0, largest_group = 0, largest_backlog = 0;
    double commit_seconds = 0;
  };
  numbers counted() const;

 private:
  struct group {
    std::vector<commit_unit> units;
    std::size_t bytes = 0, owed = 0;
    std::chrono::steady_clock::time_point begun;  // of the first unit
  };
  void run();
  bool is_due(std::chrono::steady_clock::time_point now) const;
  void commit_group(const group& g);

  run_store& store_;
  writer_options options_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  group next_;
  std::size_t units_inside_ = 0, bytes_inside_ = 0;  // next_ and the group being committed
  bool finishing_ = false;
  bool failed_ = false;  // of the thread alone
  numbers numbers_;
  std::thread thread_;
};

}  // namespace flowrun::core
