// The folder of an export that is several files.
#pragma once
#include <filesystem>
#include <string>
#include <string_view>

namespace flowrun::core {

// Throws store_error (74). Files that are there already stay, unless the export writes one of the same name.
void make_export_folder(const std::filesystem::path& folder, const char* format);

// A port or field as (a part of) a file's name: whatever it holds, the file lies in the folder.
std::string file_name_of(std::string_view name);

// A key on a line of its own: as exports show it, and control characters as %XX.
std::string line_of_key(std::string_view key);
// The same for a text, of which '%' stays.
std::string line_of_text(std::string_view text);

}  // namespace flowrun::core
