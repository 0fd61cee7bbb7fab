#include "file_kind.hpp"

#include <algorithm>
#include <array>

#include "image_header.hpp"
#include "video_formats.hpp"
#include "video_magic.hpp"

namespace media {

namespace {

constexpr std::size_t text_bytes = 512;

bool looks_like_text(std::string_view beginning) {
  return std::all_of(beginning.begin(), beginning.end(), [](char c) {
    auto byte = static_cast<unsigned char>(c);
    return byte >= 0xc0 ? byte < 0xf8 : byte >= 0x20 ? byte != 0x7f : (byte >= '\t' && byte <= '\r');
  });
}

// One of `known` at the end of `name`, in small letters.
template <std::size_t N> std::string extension_of(std::string_view name, const std::array<std::string_view, N>& known) {
  std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos) return "";
  std::string extension(name.substr(dot));
  for (char& c : extension)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return std::find(known.begin(), known.end(), extension) == known.end() ? "" : extension;
}

}  // namespace

file_kind kind_of(std::string_view beginning) {
  if (format_of(beginning) != image_format::none) return file_kind::picture;
  container c = container_of(beginning);
  if (c == container::video) return file_kind::video;
  if (c == container::sound) return file_kind::sound;
  return !beginning.empty() && looks_like_text(beginning.substr(0, text_bytes)) ? file_kind::text : file_kind::other;
}

std::string picture_extension(std::string_view name) {
  constexpr std::array<std::string_view, 7> known = {".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".bmp"};
  return extension_of(name, known);
}

std::string video_extension(std::string_view name) {
  constexpr std::array<std::string_view, 18> known = {".mp4", ".m4v",  ".mov",  ".mkv", ".webm", ".avi",
                                                      ".mpg", ".mpeg", ".m2ts", ".ogv", ".flv",  ".wmv",
                                                      ".asf", ".gif",  ".y4m",  ".3gp", ".vob",  ".mxf"};
  return extension_of(name, known);
}

std::string why_not_a_picture(std::string_view name, std::string_view beginning) {
  if (beginning.empty()) return "is empty";
  if (format_of(beginning) != image_format::none) return "";
  std::string extension = picture_extension(name);
  if (!looks_like_text(beginning.substr(0, text_bytes)))
    return "is not a picture that flowrun reads (JPEG, PNG, WebP, TIFF, BMP)";
  return extension.empty() ? "holds text, not a picture" : "is named " + extension + " but holds text";
}

std::string why_not_read(std::string_view name, std::string_view beginning) {
  if (beginning.empty()) return "is empty";
  file_kind kind = kind_of(beginning);
  if (kind == file_kind::picture || kind == file_kind::video) return "";
  std::string picture = picture_extension(name), video = video_extension(name);
  std::string named = picture.empty() && video.empty() ? "" : "is named " + picture + video + " but ";
  if (kind == file_kind::text)
    return named.empty() ? "holds text, neither a picture nor a video" : named + "holds text";
  if (kind == file_kind::sound) return named + "holds sound, neither a picture nor a video";
  if (video.empty() && !picture.empty()) return why_not_a_picture(name, beginning);
  std::string videos = "a video that flowrun reads (" + std::string(video_format_names) + ")";
  return video.empty() ? "is neither a picture (JPEG, PNG, WebP, TIFF, BMP) nor " + videos : "is not " + videos;
}

}  // namespace media
