#include "output_folder.hpp"

#include <algorithm>
#include <flowrun/packet.hpp>
#include <stdexcept>
#include <system_error>

namespace image_write {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void fail(const fs::path& folder, const std::error_code& error) {
  std::string text = "the folder '" + folder.native() + "' cannot be made: " + error.message();
  for (std::errc broken : {std::errc::no_space_on_device, std::errc::io_error, std::errc::read_only_file_system})
    if (error == broken) throw flowrun::run_error(text);
  throw std::runtime_error(text);
}

bool lies_in(const fs::path& path, const fs::path& root) {
  return std::mismatch(root.begin(), root.end(), path.begin(), path.end()).first == root.end();
}

}  // namespace

output_folder::output_folder(const fs::path& root) {
  std::error_code error;
  fs::create_directories(root, error);
  if (!error) root_ = fs::canonical(root, error);
  if (error)
    throw flowrun::run_error("the folder '" + root.native() + "' cannot be made: " + error.message() +
                             "; give a run directory that may be written");
}

std::string output_folder::inside(const std::string& relative) {
  auto refuse = [&relative](const char* what) { throw std::runtime_error("its path '" + relative + "' " + what); };
  if (relative.empty()) refuse("is empty");
  if (relative.front() == '/') refuse("is absolute; files stay in the stage's folder");
  if (relative.back() == '/') refuse("ends in '/': a file needs a name");
  if (relative.find('\0') != std::string::npos) refuse("holds a zero byte");
  std::string plain;
  for (const fs::path& part : fs::path(relative)) {
    if (part == "..") refuse("would leave the stage's folder by '..'");
    if (part != ".") plain += (plain.empty() ? "" : "/") + part.native();
  }
  if (plain.empty() || fs::path(relative).filename() == ".") refuse("names a folder, not a file");
  return plain;
}

fs::path output_folder::place(const std::string& relative) const {
  fs::path file = fs::path(relative), folder = root_;
  std::error_code error;
  for (const fs::path& part : file.parent_path()) {
    folder /= part;
    fs::create_directory(folder, error);  // no error if it is there, be it through a link
    bool is_link = fs::is_symlink(folder);
    if (is_link && !lies_in(fs::weakly_canonical(folder), root_))
      throw std::runtime_error("its path '" + relative + "' would leave the stage's folder: '" + folder.native() +
                               "' is a link that leads out of it");
    if (error == std::errc::file_exists || error == std::errc::not_a_directory)
      throw std::runtime_error("its path '" + relative + "' is blocked: '" + folder.native() + "' is no folder");
    if (error) fail(folder, error);
  }
  file = folder / file.filename();
  if (fs::is_directory(file, error)) throw std::runtime_error("its path '" + relative + "' is taken by a folder");
  return file;
}

}  // namespace image_write
