// One file as FFmpeg's input: FFmpeg itself opens nothing, neither files nor addresses.
#pragma once
#include <functional>
#include <string>

#include "av_handles.hpp"
#include "file_access.hpp"

namespace media {

class av_input {
 public:
  // Throws std::runtime_error whose text goes on from the file's name. `stop` is asked before every read; may be empty.
  av_input(const std::string& path, std::function<bool()> stop);
  av_input(const av_input&) = delete;
  av_input& operator=(const av_input&) = delete;

  AVIOContext* io() { return io_.get(); }
  std::uint64_t size() const { return static_cast<std::uint64_t>(file_.status().st_size); }
  bool stopped() const noexcept;        // asks
  int error() const { return error_; }  // errno of a read that failed; 0: none did

 private:
  static int read(void* self, std::uint8_t* to, int size) noexcept;
  static std::int64_t seek(void* self, std::int64_t offset, int whence) noexcept;

  std::function<bool()> stop_;
  input_file file_;
  std::int64_t at_ = 0;
  int error_ = 0;
  av_handle<AVIOContext> io_;
};

}  // namespace media
