#include "small_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace flowrun::core {

namespace {

struct open_file {
  int descriptor;
  ~open_file() {
    if (descriptor >= 0) ::close(descriptor);
  }
};

std::string size_text(std::size_t bytes) {
  return std::to_string(bytes >> 20) + " MiB";
}

}  // namespace

std::optional<std::string> read_small_file(const std::filesystem::path& file, std::size_t most, std::string& fault) {
  // Not blocking: a pipe without a writer would never open.
  const open_file in{::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  struct stat info {};
  if (in.descriptor < 0 || ::fstat(in.descriptor, &info) != 0) {
    fault = std::string("cannot be opened: ") + std::strerror(errno);
    return std::nullopt;
  }
  if (!S_ISREG(info.st_mode)) {
    fault = S_ISDIR(info.st_mode) ? "is a folder" : "is no regular file";
    return std::nullopt;
  }
  std::string text;
  char block[65536];
  while (text.size() <= most) {
    const ssize_t n = ::read(in.descriptor, block, sizeof block);
    if (n == 0) return text;
    if (n > 0) {
      text.append(block, static_cast<std::size_t>(n));
    } else if (errno != EINTR) {
      fault = std::string("cannot be read: ") + std::strerror(errno);
      return std::nullopt;
    }
  }
  fault = "is larger than " + size_text(most);
  return std::nullopt;
}

}  // namespace flowrun::core
