#include "file_access.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>

namespace media {

int status_of(const std::string& path, struct stat& status) {
  return ::stat(path.c_str(), &status) == 0 ? 0 : errno;
}

bool is_link(const std::string& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0 && S_ISLNK(status.st_mode);
}

int names_in(const std::string& folder, std::vector<std::string>& names) {
  DIR* dir = ::opendir(folder.c_str());
  if (dir == nullptr) return errno;
  errno = 0;
  while (const dirent* entry = ::readdir(dir)) {
    std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
  }
  int error = errno;
  ::closedir(dir);
  return error;
}

input_file::~input_file() {
  if (fd_ >= 0) ::close(fd_);
}

int input_file::open(const std::string& path) {
  fd_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (fd_ < 0 || ::fstat(fd_, &status_) != 0) return errno;
  return S_ISREG(status_.st_mode) ? 0 : EINVAL;
}

int input_file::read(std::string& content, std::size_t size) {
  std::size_t have = content.size();
  content.resize(size);
  int error = 0;
  while (have < size) {
    ssize_t n = ::read(fd_, content.data() + have, size - have);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) error = errno;
    if (n <= 0) break;
    have += static_cast<std::size_t>(n);
  }
  content.resize(have);
  return error;
}

int input_file::read_at(std::int64_t offset, char* to, std::size_t size, std::size_t& got) {
  ssize_t n = 0;
  do n = ::pread(fd_, to, size, offset);
  while (n < 0 && errno == EINTR);
  got = n < 0 ? 0 : static_cast<std::size_t>(n);
  return n < 0 ? errno : 0;
}

}  // namespace media
