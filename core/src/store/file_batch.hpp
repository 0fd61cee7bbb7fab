// Many small files, each of them there whole or not at all: a disk that is asked to sync for each takes minutes.
#pragma once
#include <filesystem>
#include <utility>
#include <vector>

#include "text_output.hpp"

namespace flowrun::core {

// All of them lie below one folder. Their text is on the disk before they get their names.
class file_batch {
 public:
  explicit file_batch(std::filesystem::path folder) : folder_(std::move(folder)) {}
  ~file_batch();  // without finish(): nothing is left of the files not yet named
  file_batch(const file_batch&) = delete;
  file_batch& operator=(const file_batch&) = delete;

  // Throw store_error (74).
  void add(text_output& written);
  void finish();

 private:
  void name_all();
  void sync() const;

  std::filesystem::path folder_;
  std::vector<unfinished_file> waiting_;
};

}  // namespace flowrun::core
