#include "judge_run.hpp"

namespace flowrun::core {

void judge_run(report& r, stop_kind why, const std::string& text, double max_error_rate) {
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

}  // namespace flowrun::core
