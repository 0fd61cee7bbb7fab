#include "run_and_watch.hpp"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <thread>

namespace tool {

namespace {

// "; cores 84 %, cuda:0 93 % 9876 of 16303 MiB": what is known of them.
std::string use_text(const flowrun::progress& p) {
  char text[100];
  std::string all;
  if (p.cpu_busy >= 0) {
    std::snprintf(text, sizeof text, "; cores %.0f %%", p.cpu_busy * 100);
    all += text;
  }
  for (const flowrun::device_progress& d : p.devices) {
    all += (all.empty() ? "; " : ", ") + d.name;
    if (d.busy >= 0) {
      std::snprintf(text, sizeof text, " %.0f %%", d.busy * 100);
      all += text;
    }
    if (d.used == 0) continue;
    std::snprintf(text, sizeof text, " %llu of %llu MiB", static_cast<unsigned long long>(d.used >> 20),
                  static_cast<unsigned long long>(d.total >> 20));
    all += text;
  }
  return all;
}

std::string progress_line(const flowrun::progress& p) {
  char text[200];
  auto ended = static_cast<unsigned long long>(p.done + p.skipped + p.failed + p.already + p.replayed);
  double rate = p.seconds > 0 ? static_cast<double>(p.done + p.skipped + p.failed) / p.seconds : 0;
  if (std::strcmp(p.phase, "items") != 0) return p.phase;
  if (p.total > 0 && rate > 0)
    std::snprintf(text, sizeof text, "%llu of %llu items, %llu failed, %.1f items/s, %.0f s to go", ended,
                  static_cast<unsigned long long>(p.total), static_cast<unsigned long long>(p.failed), rate,
                  static_cast<double>(p.total - std::min<std::uint64_t>(ended, p.total)) / rate);
  else
    std::snprintf(text, sizeof text, "%llu items, %llu failed, %.1f items/s", ended,
                  static_cast<unsigned long long>(p.failed), rate);
  return text + use_text(p);
}

// Waits for signals and prints progress in one thread of its own. Signals are blocked everywhere else, so that no
// handler interrupts anything.
class watcher {
 public:
  explicit watcher(flowrun::run& run) : run_(run) {
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGINT);
    sigaddset(&signals_, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals_, &before_);
    thread_ = std::thread([this] { watch(); });
  }
  ~watcher() {
    over_ = true;
    thread_.join();
    if (width_ > 0) std::fprintf(stderr, "\r%*s\r", width_, "");
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }

 private:
  void watch() {
    const bool terminal = ::isatty(STDERR_FILENO) == 1;
    const timespec tick{0, 100'000'000};
    auto told = std::chrono::steady_clock::now();
    while (!over_) {
      if (sigtimedwait(&signals_, nullptr, &tick) > 0) interrupt();
      auto now = std::chrono::steady_clock::now();
      if (now - told < (terminal ? std::chrono::milliseconds(250) : std::chrono::seconds(10))) continue;
      told = now;
      std::string line = progress_line(run_.now());
      if (terminal)
        std::fprintf(stderr, "\r%-*s", width_, line.c_str());
      else
        std::fprintf(stderr, "%s\n", line.c_str());
      if (terminal) width_ = std::max(width_, static_cast<int>(line.size()));
    }
  }
  void interrupt() {
    if (interrupted_) {
      std::fputs("\nstopped at once; what was committed is kept\n", stderr);
      ::_exit(130);
    }
    interrupted_ = true;
    std::fputs("\nstopping: items in flight are finished first; once more stops at once\n", stderr);
    run_.stop();
  }

  flowrun::run& run_;
  sigset_t signals_{}, before_{};
  std::atomic<bool> over_{false};
  bool interrupted_ = false;
  int width_ = 0;
  std::thread thread_;
};

}  // namespace

int print_report(const flowrun::report& r) {
  std::fputs(flowrun::to_text(r).c_str(), stdout);
  std::fflush(stdout);
  if (!r.message.empty()) std::fprintf(stderr, "flowrun: %s\n", r.message.c_str());
  return r.exit_code;
}

int run_and_watch(const flowrun::graph& g, const flowrun::run_options& options) {
  flowrun::run run(g, options);
  flowrun::report r;
  {
    watcher w(run);
    r = run.execute();
  }
  return print_report(r);
}

}  // namespace tool
