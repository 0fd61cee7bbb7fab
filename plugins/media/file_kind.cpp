#include "file_kind.hpp"

#include <algorithm>
#include <array>

#include "image_header.hpp"

namespace media {

namespace {

bool looks_like_text(std::string_view beginning) {
  return std::all_of(beginning.begin(), beginning.end(), [](char c) {
    auto byte = static_cast<unsigned char>(c);
    return byte >= 0xc0 ? byte < 0xf8 : byte >= 0x20 ? byte != 0x7f : (byte >= '\t' && byte <= '\r');
  });
}

}  // namespace

std::string picture_extension(std::string_view name) {
  constexpr std::array<std::string_view, 7> known = {".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".bmp"};
  std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos) return "";
  std::string extension(name.substr(dot));
  for (char& c : extension)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return std::find(known.begin(), known.end(), extension) == known.end() ? "" : extension;
}

std::string why_not_a_picture(std::string_view name, std::string_view beginning) {
  if (beginning.empty()) return "is empty";
  if (format_of(beginning) != image_format::none) return "";
  std::string extension = picture_extension(name);
  if (!looks_like_text(beginning.substr(0, 512)))
    return "is not a picture that flowrun reads (JPEG, PNG, WebP, TIFF, BMP)";
  return extension.empty() ? "holds text, not a picture" : "is named " + extension + " but holds text";
}

}  // namespace media
