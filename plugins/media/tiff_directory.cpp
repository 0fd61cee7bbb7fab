#include "tiff_directory.hpp"

#include "byte_reader.hpp"

namespace media {

using namespace std::string_view_literals;

std::optional<tiff_directory> tiff_directory::open(std::string_view tiff) {
  bool big = tiff.substr(0, 4) == "MM\0*"sv;
  if (!big && tiff.substr(0, 4) != "II*\0"sv) return std::nullopt;
  byte_reader in(tiff, big);
  std::size_t at = in.u32(4);
  std::uint32_t count = in.u16(at);
  in.u8(at + 1 + std::size_t{count} * 12);
  if (in.failed()) return std::nullopt;
  return tiff_directory(tiff, big, at + 2, count);
}

std::optional<tiff_directory::field> tiff_directory::find(std::uint32_t tag) const {
  byte_reader in(tiff_, big_);
  for (std::uint32_t i = 0; i < count_; ++i) {
    std::size_t at = at_ + std::size_t{i} * 12;
    if (in.u16(at) != tag) continue;
    field f{in.u16(at + 2), in.u32(at + 4), at + 8};
    std::uint64_t bytes = std::uint64_t{f.count} * (f.type == 1 ? 1 : f.type == 3 ? 2 : 4);
    if ((f.type != 1 && f.type != 3 && f.type != 4) || f.count == 0) return std::nullopt;
    if (bytes > 4) f.values_at = in.u32(at + 8);
    if (f.values_at > tiff_.size() || tiff_.size() - f.values_at < bytes) return std::nullopt;
    return f;
  }
  return std::nullopt;
}

std::uint32_t tiff_directory::value(const field& f, std::uint32_t index) const {
  byte_reader in(tiff_, big_);
  if (f.type == 1) return in.u8(f.values_at + index);
  if (f.type == 3) return in.u16(f.values_at + std::size_t{index} * 2);
  return in.u32(f.values_at + std::size_t{index} * 4);
}

std::uint32_t tiff_directory::first(std::uint32_t tag, std::uint32_t otherwise) const {
  auto f = find(tag);
  return f ? value(*f, 0) : otherwise;
}

}  // namespace media
