// Where an export's text goes: a file that is there whole or not at all, or a descriptor.
#pragma once
#include <filesystem>
#include <string>
#include <string_view>

namespace flowrun::core {

// Throws the store_error (74) of a step that failed with that errno.
[[noreturn]] void fail_output(const std::string& name, const char* step, int error);

struct unfinished_file {
  std::filesystem::path unfinished, to;
};

class text_output {
 public:
  explicit text_output(int fd);                           // not closed
  explicit text_output(const std::filesystem::path& to);  // beside it, until finish()
  ~text_output();                                         // without finish(): nothing is left of a file
  text_output(const text_output&) = delete;
  text_output& operator=(const text_output&) = delete;

  // Throw store_error (74).
  void write(std::string_view text);
  void finish();
  // Instead of finish(), of a file: written and closed, and for others to sync and to rename, or to remove.
  unfinished_file leave();

 private:
  void flush();
  [[noreturn]] void fail(const char* step, int error) const { fail_output(name_, step, error); }

  std::string name_;
  std::filesystem::path to_, unfinished_;
  int fd_ = -1;
  bool own_ = false;
  std::string buffer_;
};

}  // namespace flowrun::core
