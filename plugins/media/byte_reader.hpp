// Reads numbers out of bytes nobody has vouched for.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace media {

// A read past the end gives 0 and sets failed(), which stays set: check it once, after a group of reads.
class byte_reader {
 public:
  explicit byte_reader(std::string_view data, bool big_endian = false) : data_(data), big_(big_endian) {}
  std::uint32_t u8(std::size_t at) { return number(at, 1); }
  std::uint32_t u16(std::size_t at) { return number(at, 2); }
  std::uint32_t u24(std::size_t at) { return number(at, 3); }
  std::uint32_t u32(std::size_t at) { return number(at, 4); }
  bool failed() const { return failed_; }

 private:
  std::uint32_t number(std::size_t at, std::size_t bytes) {
    if (at > data_.size() || data_.size() - at < bytes) {
      failed_ = true;
      return 0;
    }
    std::uint32_t n = 0;
    for (std::size_t i = 0; i < bytes; ++i)
      n |= std::uint32_t{static_cast<unsigned char>(data_[at + i])} << (8 * (big_ ? bytes - 1 - i : i));
    return n;
  }

  std::string_view data_;
  bool big_;
  bool failed_ = false;
};

}  // namespace media
