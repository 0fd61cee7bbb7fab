// Keys and labels are any bytes; here they become text that may be shown.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace output {

// Bytes of the UTF-8 character that `text` begins with; 0: it begins with none.
std::size_t utf8_length(std::string_view text);

// Bytes that are not UTF-8, control characters and '%' as %XX, as records show keys.
std::string readable(std::string_view bytes);

}  // namespace output
