// run.lock: one process at a time works in a run directory.
#pragma once
#include <filesystem>

namespace flowrun::core {

class run_lock {
 public:
  // Makes the folder if need be. Throws store_error: 74 naming the live holder (host, pid), or an unwritable folder.
  explicit run_lock(const std::filesystem::path& run_directory);
  ~run_lock();
  run_lock(const run_lock&) = delete;
  run_lock& operator=(const run_lock&) = delete;

 private:
  int fd_ = -1;
};

}  // namespace flowrun::core
