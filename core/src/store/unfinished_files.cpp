#include "unfinished_files.hpp"

#include <flowrun/atomic_file.hpp>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "store_error.hpp"

namespace flowrun::core {
namespace fs = std::filesystem;
namespace {

bool is_unfinished(const fs::path& file) {
  std::string name = file.filename().string();
  std::string_view suffix = unfinished_suffix;
  return name.size() > suffix.size() && name.compare(name.size() - suffix.size(), suffix.size(), suffix) == 0;
}

[[noreturn]] void fail(const fs::path& path, const std::error_code& error) {
  throw store_error(path.string() + ": remove unfinished files of an earlier run: " + error.message() +
                        "; the run directory must be readable and writable for you",
                    74);
}

}  // namespace

std::size_t remove_unfinished_files(const fs::path& run_directory) {
  std::error_code error;
  std::vector<fs::path> found;
  fs::recursive_directory_iterator entry(run_directory, error), end;
  if (error) fail(run_directory, error);
  while (entry != end) {
    std::error_code unknown;
    if (is_unfinished(entry->path()) && entry->symlink_status(unknown).type() == fs::file_type::regular)
      found.push_back(entry->path());
    entry.increment(error);
    if (error) fail(run_directory, error);
  }
  for (const fs::path& file : found) {
    fs::remove(file, error);
    if (error) fail(file, error);
  }
  return found.size();
}

}  // namespace flowrun::core
