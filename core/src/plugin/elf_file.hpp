// Reads of a library's file that a damaged one cannot lead astray.
#pragma once
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace flowrun::core {

// Every read is held against the file's own length: offsets in a damaged file point anywhere.
class elf_file {
 public:
  explicit elf_file(const std::filesystem::path& path) : in_(path, std::ios::binary) {
    in_.seekg(0, std::ios::end);
    const auto end = in_.tellg();
    if (!in_ || end < 0) throw std::runtime_error("cannot read " + path.string());
    size_ = static_cast<std::uint64_t>(end);
  }
  bool holds(std::uint64_t offset, std::uint64_t length) const { return offset <= size_ && length <= size_ - offset; }
  std::vector<char> read(std::uint64_t offset, std::uint64_t length) {
    if (!holds(offset, length)) throw std::runtime_error("the library is cut short");
    std::vector<char> bytes(length);
    in_.seekg(static_cast<std::streamoff>(offset));
    in_.read(bytes.data(), static_cast<std::streamsize>(length));
    if (!in_) throw std::runtime_error("the library could not be read");
    return bytes;
  }
  template <class T> T read(std::uint64_t offset) {
    T value;
    const auto bytes = read(offset, sizeof(T));
    std::memcpy(&value, bytes.data(), sizeof(T));
    return value;
  }

 private:
  std::ifstream in_;
  std::uint64_t size_ = 0;
};

}  // namespace flowrun::core
