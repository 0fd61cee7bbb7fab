// Bytes as text that every JSON and CSV reader takes.
#pragma once
#include <string>
#include <string_view>

namespace flowrun::core {

// RFC 4648, section 4, with padding.
void append_base64(std::string_view bytes, std::string& out);

}  // namespace flowrun::core
