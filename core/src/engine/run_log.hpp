// RUN/log.txt, by a logger of our own: a host's default logger stays the host's.
#pragma once
#include <filesystem>
#include <memory>
#include <string_view>

#include <flowrun/packet.hpp>

namespace spdlog {
class logger;
}

namespace flowrun::core {

class run_log {
 public:
  run_log();  // writes nowhere until open()
  ~run_log();
  // Appends to the file. Throws store_error (74).
  void open(const std::filesystem::path& file);
  void write(log_level level, std::string_view text) const;  // any thread

 private:
  std::shared_ptr<spdlog::logger> logger_;
};

}  // namespace flowrun::core
