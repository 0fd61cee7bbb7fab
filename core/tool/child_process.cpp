#include "child_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "tool.hpp"

namespace tool {

namespace {

class output_pipe {
 public:
  output_pipe() {
    if (::pipe2(ends_, O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
  }
  output_pipe(const output_pipe&) = delete;
  output_pipe& operator=(const output_pipe&) = delete;
  ~output_pipe() {
    ::close(ends_[0]);
    close_writer();
  }
  int reader() const { return ends_[0]; }
  int writer() const { return ends_[1]; }
  void close_writer() {
    if (ends_[1] >= 0) ::close(ends_[1]);
    ends_[1] = -1;
  }
  // Waits up to `milliseconds` for more; false: nobody can write any more.
  bool read(std::string& to, int milliseconds) {
    pollfd ready{ends_[0], POLLIN, 0};
    if (::poll(&ready, 1, milliseconds) <= 0) return true;
    char part[4096];
    ssize_t n = ::read(ends_[0], part, sizeof part);
    if (n < 0) return errno == EINTR || errno == EAGAIN;
    to.append(part, static_cast<std::size_t>(n));
    return n > 0;
  }

 private:
  int ends_[2] = {-1, -1};
};

pid_t start(const std::vector<std::string>& arguments, int out) {
  const std::string program = program_file().string();
  std::vector<char*> words = {const_cast<char*>(program.c_str())};
  for (const std::string& a : arguments) words.push_back(const_cast<char*>(a.c_str()));
  words.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
  pid_t child = 0;
  int error = ::posix_spawn(&child, program.c_str(), &actions, nullptr, words.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) throw std::system_error(error, std::generic_category(), program);
  return child;
}

}  // namespace

child_end run_child(const std::vector<std::string>& arguments, std::chrono::milliseconds limit) {
  const auto last = std::chrono::steady_clock::now() + limit;
  child_end end;
  output_pipe pipe;
  pid_t child = start(arguments, pipe.writer());
  pipe.close_writer();
  int status = 0;
  bool open = true;
  // Its output may outlive it, held by a process of its own, and it its output: both are asked, in turns.
  while (::waitpid(child, &status, WNOHANG) == 0) {
    if (std::chrono::steady_clock::now() >= last) {
      end.timed_out = true;
      ::kill(child, SIGKILL);
      ::waitpid(child, &status, 0);
      break;
    }
    if (open)
      open = pipe.read(end.output, 10);
    else
      ::poll(nullptr, 0, 10);
  }
  for (std::size_t before = end.output.size() + 1; open && before != end.output.size();) {
    before = end.output.size();
    open = pipe.read(end.output, 0);
  }
  if (WIFSIGNALED(status)) end.signal = WTERMSIG(status);
  if (WIFEXITED(status)) end.exit_status = WEXITSTATUS(status);
  return end;
}

std::string signal_text(int signal) {
  const char* name = ::sigabbrev_np(signal);
  const char* text = ::sigdescr_np(signal);
  return (name ? "SIG" + std::string(name) : "signal " + std::to_string(signal)) +
         (text ? " (" + std::string(text) + ")" : "");
}

}  // namespace tool
