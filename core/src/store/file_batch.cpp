#include "file_batch.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

namespace flowrun::core {

constexpr std::size_t most_waiting = 1000;

file_batch::~file_batch() {
  for (const unfinished_file& file : waiting_) ::unlink(file.unfinished.c_str());
}

void file_batch::add(text_output& written) {
  waiting_.push_back(written.leave());
  if (waiting_.size() >= most_waiting) name_all();
}

void file_batch::sync() const {
  int folder = ::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) fail_output(folder_.string(), "open", errno);
  int error = ::syncfs(folder) == 0 ? 0 : errno;
  ::close(folder);
  if (error != 0) fail_output(folder_.string(), "syncfs", error);
}

void file_batch::name_all() {
  if (waiting_.empty()) return;
  sync();
  for (; !waiting_.empty(); waiting_.pop_back())
    if (::rename(waiting_.back().unfinished.c_str(), waiting_.back().to.c_str()) != 0)
      fail_output(waiting_.back().to.string(), "rename", errno);
}

void file_batch::finish() {
  name_all();
  sync();
}

}  // namespace flowrun::core
