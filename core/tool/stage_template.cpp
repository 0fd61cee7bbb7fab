#include "stage_template.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>
#include <vector>

#include "tool.hpp"

namespace tool {

namespace fs = std::filesystem;

namespace {

// The struct: no function of C's library and no word of C++ ends in _stage.
std::string struct_name(std::string stage) {
  std::replace(stage.begin(), stage.end(), '-', '_');
  return stage + "_stage";
}

std::string fill(std::string text, const stage_name& name) {
  const std::pair<std::string, std::string> words[] = {
      {"NEW_STRUCT", struct_name(name.stage)}, {"NEW_STAGE", name.stage}, {"NEW_PLUGIN", name.plugin}};
  for (const auto& [word, value] : words)
    for (std::size_t at = 0; (at = text.find(word, at)) != std::string::npos; at += value.size())
      text.replace(at, word.size(), value);
  return text;
}

bool read_file(const fs::path& file, std::string& to) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  to = text.str();
  return in.good() && !to.empty();
}

// Empty, or why not.
std::string write_file(const fs::path& file, const std::string& text) {
  errno = 0;
  std::ofstream out(file, std::ios::binary);
  out << text;
  out.close();
  return out ? "" : file.string() + ": cannot be written: " + std::strerror(errno ? errno : EIO);
}

// What all shapes share, then what is the shape's own.
std::vector<fs::path> list_template(const std::string& shape) {
  const fs::path place = (program_folder() / "../share/flowrun/template").lexically_normal();
  std::vector<fs::path> files;
  std::error_code error;
  for (const fs::path& part : {place / "common", place / shape})
    for (fs::directory_iterator it(part, error), end; !error && it != end; it.increment(error))
      files.push_back(it->path());
  std::sort(files.begin(), files.end());
  return error ? std::vector<fs::path>{} : files;
}

}  // namespace

std::string write_template(const std::string& shape, const stage_name& name, const std::string& folder) {
  std::error_code error;
  if (fs::exists(fs::symlink_status(folder, error)) &&
      (!fs::is_directory(folder, error) || !fs::is_empty(folder, error)))
    throw CLI::ValidationError(folder, "is there already; name another folder with -o");
  const std::vector<fs::path> files = list_template(shape);
  if (files.empty())
    return "the templates of stages are not installed (" +
           (program_folder() / "../share/flowrun/template").lexically_normal().string() +
           " is not there); install flowrun's component sdk";
  fs::create_directories(folder, error);
  if (error) return folder + ": cannot be made: " + error.message();
  for (const fs::path& file : files) {
    std::string text;
    if (!read_file(file, text)) return file.string() + ": cannot be read";
    const fs::path to = fs::path(folder) / fill(file.filename().string(), name);
    if (std::string fault = write_file(to, fill(text, name)); !fault.empty()) return fault;
  }
  return {};
}

}  // namespace tool
