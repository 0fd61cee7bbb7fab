// Files that are there whole or not at all.
#pragma once
#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <string>

#include "packet.hpp"

namespace flowrun {

// Every unfinished file carries this in its name; a run removes what a killed one left.
inline constexpr auto unfinished_suffix = ".flowrun-tmp";

// Writes beside `path`, fsyncs, renames, fsyncs the folder: after a power loss `path` is the old file or the new one.
// Throws run_error when the disk is full or broken, std::runtime_error otherwise; nothing is left behind.
inline void write_file_atomically(const std::filesystem::path& path, const void* data, std::size_t size) {
  static std::atomic<unsigned> counter{0};
  auto fail = [&path](const char* step, int error) {
    std::string text = path.string() + ": " + step + ": " + std::strerror(error);
    if (error == ENOSPC || error == EDQUOT || error == EIO || error == EROFS) throw run_error(text);
    throw std::runtime_error(text);
  };
  std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
  std::filesystem::path unfinished = folder / ("." + path.filename().string() + "." + std::to_string(::getpid()) + "." +
                                               std::to_string(counter++) + unfinished_suffix);
  int fd = ::open(unfinished.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (fd < 0) fail("create", errno);
  auto give_up = [&](const char* step) {
    int error = errno;
    ::close(fd);
    ::unlink(unfinished.c_str());
    fail(step, error);
  };
  const char* from = static_cast<const char*>(data);
  while (size > 0) {
    ssize_t n = ::write(fd, from, size);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) give_up("write");
    from += n;
    size -= static_cast<std::size_t>(n);
  }
  if (::fsync(fd) != 0) give_up("fsync");
  if (::close(fd) != 0) {
    int error = errno;
    ::unlink(unfinished.c_str());
    fail("close", error);
  }
  if (::rename(unfinished.c_str(), path.c_str()) != 0) {
    int error = errno;
    ::unlink(unfinished.c_str());
    fail("rename", error);
  }
  int dir = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (dir < 0) fail("open folder", errno);
  int synced = ::fsync(dir);
  int error = errno;
  ::close(dir);
  if (synced != 0 && error != EINVAL) fail("fsync folder", error);
}

}  // namespace flowrun
