// Patterns of file names, matched byte by byte: no locale, so names need not be UTF-8.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace media {

bool has_wildcard(std::string_view path);

// One name against one part of a pattern: * is any bytes, ? one byte, [a-c] [!a-c] one of a set. As in a shell, a
// leading dot is matched by a dot only.
bool matches(std::string_view pattern, std::string_view name);

// "photos/2024-*/a?.jpg": root "photos", parts {"2024-*", "a?.jpg"}.
struct glob_pattern {
  std::string root;                // the folders before the first wildcard; "." when there are none
  std::vector<std::string> parts;  // names below it; "**" is any number of folders
};
glob_pattern split_pattern(std::string_view path);

}  // namespace media
