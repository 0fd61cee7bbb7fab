#include "run_log.hpp"

#include <spdlog/logger.h>
#include <spdlog/sinks/basic_file_sink.h>

#include "../store/store_error.hpp"

namespace flowrun::core {

run_log::run_log() = default;
run_log::~run_log() = default;

void run_log::open(const std::filesystem::path& file) {
  try {
    auto sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(file.string());
    logger_ = std::make_shared<spdlog::logger>("flowrun", std::move(sink));
    logger_->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %l %v");
    logger_->flush_on(spdlog::level::warn);
    // A log that cannot be written must not end the run; the store notices a full disk by itself.
    logger_->set_error_handler([](const std::string&) {});
  } catch (const spdlog::spdlog_ex& e) {
    throw store_error(file.string() + ": the log cannot be opened: " + e.what() +
                          "; make the run directory writable, or choose another with -o",
                      74);
  }
}

void run_log::write(log_level level, std::string_view text) const {
  if (!logger_) return;
  constexpr spdlog::level::level_enum levels[] = {spdlog::level::debug, spdlog::level::info, spdlog::level::warn,
                                                  spdlog::level::err};
  logger_->log(levels[static_cast<std::size_t>(level)], spdlog::string_view_t(text.data(), text.size()));
}

}  // namespace flowrun::core
