// Bytes as readable text.
#pragma once
#include <string>
#include <string_view>

namespace flowrun::core {

// Length of the UTF-8 character `text` starts with; 0: it starts with none.
std::size_t character_length(std::string_view text);

// UTF-8 as it is; other bytes, and '%', as %XX: two keys never look the same.
std::string show_key(std::string_view key);
// As it is if all of it is UTF-8, else like a key.
std::string show_text(std::string_view text);

}  // namespace flowrun::core
