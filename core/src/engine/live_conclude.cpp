// The end of a live run: its numbers and its exit code.
#include "../report/find_limit.hpp"
#include "fill_report.hpp"
#include "live_session.hpp"

namespace flowrun::core {

static void judge(report& r, stop_kind why, const std::string& text, double max_error_rate) {
  auto say = [&r](int code, const std::string& message) {
    r.exit_code = code;
    r.message = message;
  };
  switch (why) {
    case stop_kind::asked:
      return say(
          75, "cancelled: " + std::to_string(r.cancelled) + " of " + std::to_string(r.read) + " items have no result");
    case stop_kind::run_error:
      return say(74, text);
    case stop_kind::device_lost:
      return say(69, text);
    case stop_kind::internal_error:
      return say(70, "internal error: " + text);
    case stop_kind::error_rate:
      return say(4, text + ", more than max_error_rate allows");
    case stop_kind::on_error:
      return say(3, text);
    case stop_kind::none:
      break;
  }
  if (r.failed == 0) return;
  const std::uint64_t ended = r.done + r.skipped + r.failed;
  const bool too_many = static_cast<double>(r.failed) > max_error_rate * static_cast<double>(ended);
  say(too_many ? 4 : 3, std::to_string(r.failed) + " of " + std::to_string(ended) + " items failed" +
                            (too_many ? ", more than max_error_rate allows" : ""));
}

void live_session::conclude(stop_kind why, std::size_t left_over, process_time spent) {
  std::unique_lock lock(mutex_);
  report& r = report_;
  r.graph = graph_.file;
  r.threads = threads_;
  r.in_flight = in_flight_;
  r.ram = ram_;
  r.first_failures = failures_;
  if (models_) r.notes = models_->notes;
  if (flow_) {
    dataflow_numbers n = flow_->numbers();
    n.read += left_over;
    n.cancelled += left_over;
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count();
    fill_report(r, graph_, n, seconds, models_->devices);
    if (sampler_) sampler_->fill(r);
    find_limit(r, spent, n.reads_withheld);
    if (!n.largest_item.empty())
      r.notes.push_back("item '" + n.largest_item + "' alone is larger than run.ram (" + std::to_string(ram_ >> 20) +
                        " MiB); raise run.ram");
    if (r.exit_code == 0) judge(r, why, flow_->stop_text(), graph_.run.max_error_rate);
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
