#include "media_root.hpp"

#include <stdexcept>
#include <system_error>

#include "../media/glob_pattern.hpp"
#include "readable.hpp"

namespace output {

namespace fs = std::filesystem;

namespace {

bool stays_below(const std::string& key) {
  if (key.empty() || key[0] == '/' || key.find('\0') != std::string::npos) return false;
  for (const fs::path& part : fs::path(key))
    if (part == "..") return false;
  return true;
}

// "clip.mp4" of "clip.mp4#000123"; empty: it is no frame's key.
std::string medium_of(const std::string& key) {
  const std::size_t mark = key.rfind('#');
  if (mark == std::string::npos || mark + 1 == key.size()) return "";
  return key.find_first_not_of("0123456789", mark + 1) == std::string::npos ? key.substr(0, mark) : "";
}

}  // namespace

media_root::media_root(const std::string& media) {
  fs::path path = media;
  std::error_code error;
  if (!fs::exists(path, error) && media::has_wildcard(media)) path = media::split_pattern(media).root;
  if (fs::exists(path, error) && !fs::is_directory(path, error)) path = fs::absolute(path).parent_path();
  folder_ = fs::canonical(path, error);
  if (error)
    throw std::runtime_error("the param 'media' is '" + readable(media) + "', which cannot be found (seen from " +
                             readable(fs::current_path().native()) + "): " + error.message() +
                             "; give what the source reads, as its param 'path' says it");
}

bool media_root::is_file(const std::string& relative) {
  std::error_code error;
  return fs::is_regular_file(folder_ / relative, error);
}

std::string media_root::find(const std::string& key) {
  if (!stays_below(key)) return "";
  if (is_file(key)) return key;
  std::string medium = medium_of(key);
  if (medium.empty() || (!videos_.count(medium) && !is_file(medium))) return "";
  videos_.insert(medium);
  return medium;
}

}  // namespace output
