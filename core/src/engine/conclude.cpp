// The end of a run: its numbers, its exit code, and what to do next.
#include "../report/find_limit.hpp"
#include "fill_report.hpp"
#include "run_session.hpp"

namespace flowrun::core {

// As a word of a shell's command line, so that the command we print can be copied.
static std::string shell_word(const std::string& text) {
  constexpr auto plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+,:=@%^";
  if (!text.empty() && text.find_first_not_of(plain) == std::string::npos) return text;
  std::string quoted = "'";
  for (char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

// What every report has, whether the run went through or not.
void run_session::conclude(report& r) const {
  r.graph = graph_.file;
  r.run_directory = folder_.string();
  r.threads = threads_;
  r.in_flight = in_flight_;
  r.ram = ram_;
  std::lock_guard lock(mutex_);
  r.notes = notes_;
  r.first_failures = failures_;
  r.missing = missing_;
  if (gather_failed_ && r.exit_code == 0) {
    r.exit_code = 3;
    r.message = "a gather failed; see the notes";
  }
  if (!flow_) return;
  dataflow_numbers n = flow_->numbers();
  fill_report(r, graph_, n, item_seconds_, models_ ? models_->devices : std::vector<std::shared_ptr<device_state>>{});
  r.already_failed = already_failed_;
  if (sampler_) sampler_->fill(r);
  find_limit(r, spent_, n.reads_withheld);
  if (!n.largest_item.empty())
    r.notes.push_back("item '" + n.largest_item + "' alone is larger than run.ram (" + std::to_string(ram_ >> 20) +
                      " MiB); raise run.ram");
  if (r.exit_code != 0) return;
  switch (flow_->stopped()) {
    case stop_kind::asked:
      r.exit_code = 75;
      r.message = "interrupted; nothing is lost, go on with: flowrun resume " + shell_word(folder_.string());
      break;
    case stop_kind::run_error:
      r.exit_code = 74;
      r.message =
          flow_->stop_text() + "; put that right, then go on with: flowrun resume " + shell_word(folder_.string());
      break;
    case stop_kind::device_lost:
      r.exit_code = 69;
      r.message = flow_->stop_text() + "; no item was marked failed, go on with: flowrun resume " +
                  shell_word(folder_.string());
      break;
    case stop_kind::internal_error:
      r.exit_code = 70;
      r.message = "internal error: " + flow_->stop_text();
      break;
    case stop_kind::error_rate:
      r.exit_code = 4;
      r.message = flow_->stop_text() + ", more than max_error_rate allows";
      break;
    case stop_kind::on_error:
      r.exit_code = 3;
      r.message = flow_->stop_text();
      break;
    case stop_kind::none: {
      std::uint64_t ended = n.done + n.skipped + n.failed;
      if (n.failed == 0) break;
      r.exit_code = static_cast<double>(n.failed) > graph_.run.max_error_rate * static_cast<double>(ended) ? 4 : 3;
      r.message = std::to_string(n.failed) + " of " + std::to_string(ended) + " items failed" +
                  (r.exit_code == 4 ? ", more than max_error_rate allows" : "");
    }
  }
}

}  // namespace flowrun::core
