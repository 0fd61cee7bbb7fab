#include "export_folder.hpp"

#include <system_error>

#include "key_text.hpp"
#include "store_error.hpp"

namespace flowrun::core {
namespace {

template <class F> std::string escape(std::string_view text, F&& must_go) {
  constexpr char hex[] = "0123456789ABCDEF";
  std::string out;
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    if (must_go(byte)) {
      out += '%';
      out += hex[byte >> 4];
      out += hex[byte & 15];
    } else {
      out += c;
    }
  }
  return out;
}

bool is_control(unsigned char byte) {
  return byte < 0x20 || byte == 0x7f;
}

}  // namespace

void make_export_folder(const std::filesystem::path& folder, const char* format) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (!error && std::filesystem::is_directory(folder, error)) return;
  if (!error || error == std::errc::not_a_directory || error == std::errc::file_exists)
    throw store_error(folder.string() + ": is no folder; " + format + " is a folder of files", 74);
  throw store_error(folder.string() + ": cannot be made: " + error.message() + "; choose another place", 74);
}

std::string file_name_of(std::string_view name) {
  return escape(show_key(name), [](unsigned char byte) { return is_control(byte) || byte == '/'; });
}

std::string line_of_key(std::string_view key) {
  return escape(show_key(key), is_control);
}

std::string line_of_text(std::string_view text) {
  return escape(show_text(text), is_control);
}

}  // namespace flowrun::core
