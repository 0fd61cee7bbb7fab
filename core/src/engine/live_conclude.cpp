// The end of a live run: its numbers and its exit code.
#include "fill_report.hpp"
#include "judge_run.hpp"
#include "live_session.hpp"

namespace flowrun::core {

void live_session::conclude(stop_kind why, std::size_t left_over, process_time spent) {
  std::unique_lock lock(mutex_);
  report& r = report_;
  r.graph = graph_.file;
  r.threads = threads_;
  r.in_flight = in_flight_;
  r.ram = ram_;
  r.first_failures = failures_;
  r.notes = notes_;
  if (flow_) {
    dataflow_numbers n = flow_->numbers();
    n.read += left_over;
    n.cancelled += left_over;
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count();
    fill_report(r, graph_, n, seconds, models_->devices, spent);
    if (r.exit_code == 0) judge_run(r, why, flow_->stop_text(), graph_.run.max_error_rate);
  }
  if (!callback_fault_.empty()) {
    r.exit_code = 70;
    r.message = callback_fault_;
  }
  const std::string message = r.message;
  lock.unlock();
  if (!message.empty()) log(log_level::error, message);
  lock.lock();
  over_ = true;
  over_changed_.notify_all();
}

}  // namespace flowrun::core
