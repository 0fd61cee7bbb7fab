#include "answer_files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <mutex>
#include <sstream>
#include <vector>

namespace flowrun::core {
namespace fs = std::filesystem;
namespace {

// Written between two looks at the size of the whole folder.
constexpr std::uint64_t written_between_trims = 256u << 20;

std::string hex(const std::string& key) {
  constexpr auto digits = "0123456789abcdef";
  std::string text;
  for (unsigned char c : key) {
    text += digits[c >> 4];
    text += digits[c & 15];
  }
  return text;
}

std::uint64_t sum_of(std::string_view content) {
  return XXH3_64bits(content.data(), content.size());
}

}  // namespace

struct answer_files::state {
  fs::path folder;
  std::uint64_t most = 0;
  std::atomic<std::uint64_t> written{0}, names{0};
  std::atomic<bool> broken{false};
  std::mutex mutex;
  std::string fault;

  fs::path path_of(const std::string& key) const {
    const std::string name = hex(key);
    return folder / name.substr(0, 2) / name.substr(2);
  }
  void give_up(const std::string& why) {
    std::lock_guard lock(mutex);
    if (fault.empty()) fault = folder.string() + ": " + why + "; answers are not kept for later";
    broken = true;
  }
};

answer_files::answer_files(fs::path folder, std::uint64_t most) : s_(std::make_shared<state>()) {
  s_->folder = std::move(folder);
  s_->most = most;
}

std::string answer_files::fault() const {
  std::lock_guard lock(s_->mutex);
  return s_->fault;
}

std::optional<std::string> answer_files::read(const std::string& key) const {
  const fs::path path = s_->path_of(key);
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  std::stringstream text;
  text << in.rdbuf();
  std::string content = text.str();
  std::uint64_t sum = 0;
  if (content.size() < sizeof sum) return std::nullopt;
  std::memcpy(&sum, content.data() + content.size() - sizeof sum, sizeof sum);
  content.resize(content.size() - sizeof sum);
  if (sum != sum_of(content)) return std::nullopt;
  // Its time of use; two processes that do this at once are both right.
  const timespec now[2] = {{0, UTIME_OMIT}, {0, UTIME_NOW}};
  ::utimensat(AT_FDCWD, path.c_str(), now, 0);
  return content;
}

void answer_files::write(const std::string& key, const std::string& content) {
  if (s_->broken) return;
  const fs::path path = s_->path_of(key);
  std::error_code error;
  fs::create_directories(path.parent_path(), error);
  if (error) return s_->give_up("cannot be made: " + error.message());
  fs::path unfinished = path;
  unfinished += "." + std::to_string(::getpid()) + "-" + std::to_string(s_->names++) + ".tmp";
  const std::uint64_t sum = sum_of(content);
  std::ofstream out(unfinished, std::ios::binary);
  out.write(content.data(), static_cast<std::streamsize>(content.size()));
  out.write(reinterpret_cast<const char*>(&sum), sizeof sum);
  out.close();
  // Not synced: what a power failure tears is told by its sum, and computed again.
  if (out) fs::rename(unfinished, path, error);
  if (!out || error) {
    const std::string why = error ? error.message() : std::strerror(errno);
    fs::remove(unfinished, error);
    return s_->give_up("cannot be written: " + why);
  }
  const std::uint64_t size = content.size() + sizeof sum;
  const std::uint64_t before = s_->written.fetch_add(size);
  if (before / written_between_trims != (before + size) / written_between_trims) trim();
}

std::size_t answer_files::trim() const {
  struct entry {
    timespec used;
    std::uint64_t size;
    fs::path path;
  };
  std::vector<entry> all;
  std::uint64_t bytes = 0;
  std::error_code error;
  for (fs::recursive_directory_iterator at(s_->folder, error), end; !error && at != end; at.increment(error)) {
    struct stat status {};
    if (::stat(at->path().c_str(), &status) != 0 || !S_ISREG(status.st_mode)) continue;
    all.push_back({status.st_mtim, static_cast<std::uint64_t>(status.st_size), at->path()});
    bytes += all.back().size;
  }
  if (bytes <= s_->most) return 0;
  std::sort(all.begin(), all.end(), [](const entry& a, const entry& b) {
    return a.used.tv_sec != b.used.tv_sec ? a.used.tv_sec < b.used.tv_sec : a.used.tv_nsec < b.used.tv_nsec;
  });
  std::size_t removed = 0;
  for (const entry& e : all) {
    if (bytes <= s_->most / 10 * 9) break;
    if (fs::remove(e.path, error)) ++removed;
    bytes -= e.size;
  }
  return removed;
}

}  // namespace flowrun::core
