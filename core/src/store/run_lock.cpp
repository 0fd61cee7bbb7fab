#include "run_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <sstream>
#include <string>

#include "run_directory.hpp"
#include "store_error.hpp"

namespace flowrun::core {
namespace {

std::string name_of_host() {
  char name[256] = {};
  if (::gethostname(name, sizeof name - 1) != 0 || name[0] == 0) return "unknown-host";
  return name;
}

std::string describe_holder(int fd) {
  char text[512] = {};
  ssize_t n = ::pread(fd, text, sizeof text - 1, 0);
  std::istringstream words(n > 0 ? std::string(text, static_cast<std::size_t>(n)) : std::string());
  std::string program, host, pid;
  words >> program >> host >> pid;
  // Between its flock and its write the holder has no name yet.
  return pid.empty() ? "another process" : "process " + pid + " on " + host;
}

void write_holder(int fd) {
  std::string text = "flowrun " + name_of_host() + " " + std::to_string(::getpid()) + "\n";
  // Only for the message of those who wait: on a full disk the lock holds without it.
  if (::ftruncate(fd, 0) == 0 && ::pwrite(fd, text.data(), text.size(), 0) < 0) errno = 0;
}

}  // namespace

run_lock::run_lock(const std::filesystem::path& run_directory) {
  prepare_run_directory(run_directory);
  std::filesystem::path file = run_directory / lock_name;
  fd_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (fd_ < 0)
    throw store_error(file.string() + ": open: " + std::strerror(errno) +
                          "; make the run directory writable for you, or choose another with -o",
                      74);
  int locked = 0;
  do locked = ::flock(fd_, LOCK_EX | LOCK_NB);
  while (locked != 0 && errno == EINTR);
  if (locked == 0) {
    write_holder(fd_);
    return;
  }
  int error = errno;
  std::string text;
  if (error == EWOULDBLOCK)
    text = run_directory.string() + " is in use by " + describe_holder(fd_) +
           "; wait for it, or choose another run directory with -o";
  else
    text = file.string() + ": lock: " + std::strerror(error) +
           "; choose a run directory on a file system with locks, with -o";
  ::close(fd_);
  fd_ = -1;
  throw store_error(text, 74);
}

// The file stays: removing it would let two processes lock two files of one name.
run_lock::~run_lock() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace flowrun::core
