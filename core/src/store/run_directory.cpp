#include "run_directory.hpp"

#include <fstream>
#include <string>
#include <system_error>

#include "store_error.hpp"

namespace flowrun::core {
namespace fs = std::filesystem;
namespace {

// A lock file of ours starts with our name, or is empty: its maker was killed before it wrote.
bool is_our_lock(const fs::path& file) {
  std::ifstream in(file);
  if (!in) return false;
  std::string word;
  in >> word;
  return word.empty() || word == "flowrun";
}

[[noreturn]] void refuse(const fs::path& folder, const std::string& why) {
  throw store_error(folder.string() + " cannot be used as run directory: " + why + "; choose another with -o", 74);
}

}  // namespace

void prepare_run_directory(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error && !fs::is_directory(folder)) refuse(folder, error.message());
  fs::directory_iterator entry(folder, error), end;
  if (error) refuse(folder, error.message());
  bool empty = true;
  std::string example;
  while (entry != end) {
    fs::path name = entry->path().filename();
    if (name == database_name || name == graph_name) return;
    if (name == lock_name && is_our_lock(entry->path())) return;
    if (empty || name.string() < example) example = name.string();
    empty = false;
    entry.increment(error);
    if (error) refuse(folder, error.message());
  }
  if (!empty)
    throw store_error(folder.string() + " is not a run directory: it holds '" + example +
                          "' but no run.db; choose another -o or empty it",
                      64);
}

}  // namespace flowrun::core
