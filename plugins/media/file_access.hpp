// The file system, as bytes and errno.
#pragma once
#include <sys/stat.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace media {

using file_identity = std::pair<dev_t, ino_t>;

// 0 or errno. Follows links.
int status_of(const std::string& path, struct stat& status);
bool is_link(const std::string& path);

// The names in a folder but for . and .., in no order. 0 or errno.
int names_in(const std::string& folder, std::vector<std::string>& names);

inline std::int64_t modified_ns(const struct stat& status) {
  return std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec;
}

class input_file {
 public:
  input_file() = default;
  input_file(const input_file&) = delete;
  input_file& operator=(const input_file&) = delete;
  ~input_file();

  // 0 or errno; EINVAL for what is no regular file. Never waits, even if a pipe took the file's place.
  int open(const std::string& path);
  const struct stat& status() const { return status_; }
  // Reads on until `content` holds `size` bytes or the file ends. 0 or errno.
  int read(std::string& content, std::size_t size);
  // Reads once, up to `size` bytes from `offset` on; `got` 0: the file ends there. 0 or errno.
  int read_at(std::int64_t offset, char* to, std::size_t size, std::size_t& got);

 private:
  int fd_ = -1;
  struct stat status_ {};
};

}  // namespace media
