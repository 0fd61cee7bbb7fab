#include "text_output.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <flowrun/atomic_file.hpp>
#include <functional>
#include <utility>

#include "store_error.hpp"

namespace flowrun::core {
namespace fs = std::filesystem;

constexpr std::size_t buffer_size = 1u << 16;

// Hidden, and of this process. Where the file's name leaves no room in the 255 bytes of a name, its hash stands for it.
static std::string unfinished_name(const std::string& name) {
  constexpr std::size_t longest = 220;
  return "." + (name.size() <= longest ? name : std::to_string(std::hash<std::string>()(name))) + "." +
         std::to_string(::getpid()) + unfinished_suffix;
}

text_output::text_output(int fd) : name_(fd == STDOUT_FILENO ? "standard output" : "the output"), fd_(fd) {}

text_output::text_output(const fs::path& to) : name_(to.string()), to_(to), own_(true) {
  fs::path folder = to.has_parent_path() ? to.parent_path() : ".";
  unfinished_ = folder / unfinished_name(to.filename().string());
  fd_ = ::open(unfinished_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (fd_ < 0) fail("create", errno);
}

text_output::~text_output() {
  if (!own_ || fd_ < 0) return;
  ::close(fd_);
  ::unlink(unfinished_.c_str());
}

void fail_output(const std::string& name, const char* step, int error) {
  std::string text = name + ": " + step + ": " + std::strerror(error);
  if (error == EPIPE) text = name + ": its reader closed it before all records were written";
  if (error == ENOSPC || error == EDQUOT) text += "; free some space there, or choose another place";
  if (error == ENOENT) text += "; its folder must exist";
  if (error == EACCES || error == EPERM || error == EROFS) text += "; its folder must be writable for you";
  throw store_error(text, 74);
}

void text_output::write(std::string_view text) {
  buffer_ += text;
  if (buffer_.size() >= buffer_size) flush();
}

void text_output::flush() {
  std::string_view rest = buffer_;
  while (!rest.empty()) {
    ssize_t n = ::write(fd_, rest.data(), rest.size());
    if (n >= 0) {
      rest.remove_prefix(static_cast<std::size_t>(n));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      pollfd ready{fd_, POLLOUT, 0};
      ::poll(&ready, 1, -1);
    } else if (errno != EINTR) {
      fail("write", errno);
    }
  }
  buffer_.clear();
}

void text_output::finish() {
  flush();
  if (!own_) return;
  if (::fsync(fd_) != 0) fail("fsync", errno);
  int closed = ::close(std::exchange(fd_, -1));
  int error = errno;
  if (closed == 0 && ::rename(unfinished_.c_str(), to_.c_str()) == 0) {
    int folder = ::open(unfinished_.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) return;  // a folder may be writable and not readable
    ::fsync(folder);
    ::close(folder);
    return;
  }
  if (closed == 0) error = errno;
  ::unlink(unfinished_.c_str());
  fail(closed == 0 ? "rename" : "close", error);
}

unfinished_file text_output::leave() {
  flush();
  if (::close(std::exchange(fd_, -1)) == 0) return {unfinished_, to_};
  int error = errno;
  ::unlink(unfinished_.c_str());
  fail("close", error);
}

}  // namespace flowrun::core
