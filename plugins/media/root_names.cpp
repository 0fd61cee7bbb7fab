#include "root_names.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

namespace media {

std::string plain_path(const std::string& folder) {
  std::string path = std::filesystem::absolute(folder).lexically_normal().native();
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  return path;
}

namespace {

// "/a/b/c", 2: "b/c". The whole path without its first '/' when it has no more parts.
std::string last_parts(const std::string& path, std::size_t count) {
  std::size_t at = path.size();
  while (count-- > 0 && at != std::string::npos && at > 0) at = path.rfind('/', at - 1);
  return path.substr(at == std::string::npos ? 0 : at + 1);
}

}  // namespace

std::vector<std::string> root_names(const std::vector<std::string>& folders) {
  std::vector<std::string> paths;
  std::size_t most = 0;
  for (const std::string& folder : folders) {
    paths.push_back(plain_path(folder));
    most = std::max(most, static_cast<std::size_t>(std::count(paths.back().begin(), paths.back().end(), '/')));
  }
  std::vector<std::string> names;
  for (std::size_t count = 1; count <= most; ++count) {
    names.clear();
    for (const std::string& path : paths) names.push_back(last_parts(path, count));
    if (std::set<std::string>(names.begin(), names.end()).size() == names.size()) break;
  }
  return names;
}

}  // namespace media
