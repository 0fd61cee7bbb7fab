// The end of a run: its numbers, its exit code, and what to do next.
#include "fill_report.hpp"
#include "judge_run.hpp"
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
  fill_report(r, graph_, flow_->numbers(), item_seconds_,
              models_ ? models_->devices : std::vector<std::shared_ptr<device_state>>{}, spent_);
  r.already_failed = already_failed_;
  if (r.exit_code != 0) return;
  const stop_kind why = flow_->stopped();
  judge_run(r, why, flow_->stop_text(), graph_.run.max_error_rate);
  const std::string resume = "go on with: flowrun resume " + shell_word(folder_.string());
  if (why == stop_kind::asked) r.message = "interrupted; nothing is lost, " + resume;
  if (why == stop_kind::run_error) r.message += "; put that right, then " + resume;
  if (why == stop_kind::device_lost) r.message += "; no item was marked failed, " + resume;
}

}  // namespace flowrun::core
