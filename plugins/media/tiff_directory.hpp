// The first directory of a TIFF file; EXIF data is one too.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace media {

class tiff_directory {
 public:
  struct field {
    std::uint32_t type = 0, count = 0;
    std::size_t values_at = 0;  // in the file; inside it for all `count` values
  };

  // `tiff` begins with II*\0 or MM\0*. Nothing when that is not so or the directory does not lie inside.
  static std::optional<tiff_directory> open(std::string_view tiff);
  // Only fields of whole numbers (8, 16 or 32 bits) whose values lie inside the file.
  std::optional<field> find(std::uint32_t tag) const;
  std::uint32_t value(const field& f, std::uint32_t index) const;  // index < f.count
  // The first value of a field, or `otherwise` where the field is missing.
  std::uint32_t first(std::uint32_t tag, std::uint32_t otherwise) const;
  bool big_endian() const { return big_; }

 private:
  tiff_directory(std::string_view tiff, bool big, std::size_t at, std::uint32_t count)
      : tiff_(tiff), big_(big), at_(at), count_(count) {}

  std::string_view tiff_;
  bool big_;
  std::size_t at_;       // of the first entry
  std::uint32_t count_;  // entries
};

}  // namespace media
