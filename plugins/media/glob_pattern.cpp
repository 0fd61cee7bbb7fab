#include "glob_pattern.hpp"

namespace media {

namespace {

// Matches one byte against the set at pattern[0] == '['. Gives the set's length in the pattern, 0 where it is not
// closed (then '[' stands for itself).
std::size_t match_set(std::string_view pattern, char c, bool& matched) {
  std::size_t i = 1;
  bool negated = i < pattern.size() && (pattern[i] == '!' || pattern[i] == '^');
  if (negated) ++i;
  bool found = false;
  auto byte = [](char x) { return static_cast<unsigned char>(x); };
  for (std::size_t first = i; i < pattern.size(); ++i) {
    if (pattern[i] == ']' && i > first) {
      matched = found != negated;
      return i + 1;
    }
    if (i + 2 < pattern.size() && pattern[i + 1] == '-' && pattern[i + 2] != ']') {
      if (byte(pattern[i]) <= byte(c) && byte(c) <= byte(pattern[i + 2])) found = true;
      i += 2;
    } else if (pattern[i] == c) {
      found = true;
    }
  }
  return 0;
}

// The length of the pattern's next piece if it matches c, else 0.
std::size_t match_one(std::string_view pattern, char c) {
  if (pattern[0] == '?') return 1;
  if (pattern[0] == '[') {
    bool matched = false;
    std::size_t length = match_set(pattern, c, matched);
    if (length > 0) return matched ? length : 0;
  }
  return pattern[0] == c ? 1 : 0;
}

}  // namespace

bool has_wildcard(std::string_view path) {
  return path.find_first_of("*?[") != std::string_view::npos;
}

bool matches(std::string_view pattern, std::string_view name) {
  if (!name.empty() && name[0] == '.' && (pattern.empty() || pattern[0] != '.')) return false;
  // On a mismatch only the last star can give way: linear but for restarts.
  std::size_t p = 0, n = 0, star = std::string_view::npos, star_n = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      star_n = n;
      continue;
    }
    std::size_t length = p < pattern.size() ? match_one(pattern.substr(p), name[n]) : 0;
    if (length > 0) {
      p += length;
      ++n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++star_n;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

glob_pattern split_pattern(std::string_view path) {
  glob_pattern g;
  std::size_t root_end = path.rfind('/', path.find_first_of("*?["));
  if (root_end == std::string_view::npos) {
    g.root = ".";
    root_end = 0;
  } else {
    g.root = root_end == 0 ? "/" : std::string(path.substr(0, root_end));
  }
  for (std::size_t at = root_end; at < path.size();) {
    std::size_t end = path.find('/', at);
    if (end == std::string_view::npos) end = path.size();
    if (end > at) g.parts.emplace_back(path.substr(at, end - at));
    at = end + 1;
  }
  return g;
}

}  // namespace media
