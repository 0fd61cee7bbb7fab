#include "row_ceilings.hpp"

#include <flowrun/atomic_file.hpp>

#include <fstream>
#include <nlohmann/json.hpp>

namespace flowrun::core {

row_ceilings::row_ceilings(std::filesystem::path cache_folder) {
  if (!cache_folder.empty()) file_ = cache_folder / "row_ceilings.json";
}

// What cannot be read is not known: the file is a memory, not a setting.
static nlohmann::json read(const std::filesystem::path& file) {
  std::ifstream in(file);
  nlohmann::json all = in ? nlohmann::json::parse(in, nullptr, false) : nlohmann::json::object();
  return all.is_object() ? all : nlohmann::json::object();
}

static std::size_t find_in(const nlohmann::json& all, const std::string& key) {
  auto at = all.find(key);
  return at != all.end() && at->is_number_unsigned() ? at->get<std::size_t>() : 0;
}

std::size_t row_ceilings::find(const std::string& key) const {
  if (file_.empty()) return 0;
  std::lock_guard lock(mutex_);
  return find_in(read(file_), key);
}

void row_ceilings::remember(const std::string& key, std::size_t rows) {
  if (file_.empty()) return;
  std::lock_guard lock(mutex_);
  std::error_code error;
  std::filesystem::create_directories(file_.parent_path(), error);
  nlohmann::json all = read(file_);
  // Lanes, and stages of one model, come in any order.
  std::size_t known = find_in(all, key);
  if (known > 0 && known <= rows) return;
  all[key] = rows;
  std::string text = all.dump(1) + "\n";
  try {
    write_file_atomically(file_, text.data(), text.size());
  } catch (const std::exception&) {
    // Called in the middle of a batch: what is not remembered is found again by the next run.
  }
}

}  // namespace flowrun::core
