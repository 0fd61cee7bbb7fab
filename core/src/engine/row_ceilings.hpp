// How many rows of a model a device took before its memory ran out, remembered between runs.
#pragma once
#include <filesystem>
#include <mutex>
#include <string>

namespace flowrun::core {

class row_ceilings {
 public:
  explicit row_ceilings(std::filesystem::path cache_folder);  // empty: remembers nothing
  // 0: none is known.
  std::size_t find(const std::string& model_device_precision) const;
  // The least of what is remembered counts.
  void remember(const std::string& model_device_precision, std::size_t rows);

 private:
  std::filesystem::path file_;
  mutable std::mutex mutex_;
};

}  // namespace flowrun::core
