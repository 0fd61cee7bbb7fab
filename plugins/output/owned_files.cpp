#include "owned_files.hpp"

#include <flowrun/atomic_file.hpp>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <system_error>
#include <vector>

#include "readable.hpp"

namespace output {

namespace fs = std::filesystem;

namespace {

constexpr auto list_name = ".flowrun-files";
constexpr auto list_version = "flowrun.files/1";

const char* kind_name(owned_kind kind) {
  return kind == owned_kind::files ? "files" : "links";
}

std::string in_quotes(const fs::path& path) {
  return "'" + readable(path.native()) + "'";
}

[[noreturn]] void fail(const fs::path& path, const char* step, const std::error_code& error) {
  const std::string text = in_quotes(path) + " cannot be " + step + ": " + error.message();
  for (std::errc broken : {std::errc::no_space_on_device, std::errc::io_error, std::errc::read_only_file_system})
    if (error == broken) throw flowrun::run_error(text);
  throw std::runtime_error(text);
}

[[noreturn]] void refuse(const fs::path& folder, const std::string& what) {
  throw std::runtime_error("the folder " + in_quotes(folder) + " " + what + "; name another one by the param 'folder'");
}

bool is_name(const std::string& part) {
  return !part.empty() && part != "." && part != ".." && part.find('/') == std::string::npos &&
         part.find('\0') == std::string::npos;
}

// "name" or "sub/name", and not the list itself.
bool is_own_name(const std::string& name) {
  const std::size_t slash = name.find('/');
  if (slash == std::string::npos) return is_name(name) && name != list_name;
  return is_name(name.substr(0, slash)) && is_name(name.substr(slash + 1));
}

// The file itself, also where it is a link.
fs::file_type type_of(const fs::path& path) {
  std::error_code error;
  return fs::symlink_status(path, error).type();
}

bool is_there(const fs::path& path) {
  const fs::file_type type = type_of(path);
  return type != fs::file_type::not_found && type != fs::file_type::none;
}

bool holds(const fs::path& path, const void* data, std::size_t size) {
  std::error_code error;
  if (type_of(path) != fs::file_type::regular || fs::file_size(path, error) != size || error) return false;
  std::ifstream in(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  return bytes == std::string(static_cast<const char*>(data), size);
}

}  // namespace

owned_files::owned_files(const fs::path& folder, owned_kind kind, const std::string& stage)
    : folder_(folder), list_(folder / list_name), kind_(kind), stage_(stage) {
  std::error_code error;
  fs::create_directories(folder_, error);
  if (!error && !fs::is_directory(folder_, error)) error = std::make_error_code(std::errc::not_a_directory);
  if (error) fail(folder_, "made", error);
  if (is_there(list_))
    read_list();
  else
    check_foreign();
}

// Names end in a zero byte: they may hold any other.
void owned_files::read_list() {
  std::ifstream in(list_, std::ios::binary);
  std::vector<std::string> entries;
  for (std::string entry; std::getline(in, entry, '\0');) entries.push_back(entry);
  bool sound = entries.size() >= 3 && entries[0] == list_version;
  for (std::size_t i = 3; sound && i < entries.size(); ++i) sound = is_own_name(entries[i]);
  if (!sound)
    throw std::runtime_error("the list " + in_quotes(list_) +
                             " is damaged; remove that folder, and what the stage makes is made anew");
  if (entries[1] != kind_name(kind_) || entries[2] != stage_)
    refuse(folder_, "has the " + entries[1] + " of the stage '" + readable(entries[2]) + "'");
  own_.insert(entries.begin() + 3, entries.end());
  listed_ = true;
}

void owned_files::write_list(const std::set<std::string>& names) {
  if (listed_ && names == own_) return;
  std::string text;
  for (const std::string& entry : {std::string(list_version), std::string(kind_name(kind_)), stage_})
    text.append(entry).push_back('\0');
  for (const std::string& name : names) text.append(name).push_back('\0');
  flowrun::write_file_atomically(list_, text.data(), text.size());
  own_ = names;
  listed_ = true;
}

// What a killed run left unfinished is nobody's.
void owned_files::check_foreign() const {
  const std::string unfinished = flowrun::unfinished_suffix;
  std::error_code error;
  fs::directory_iterator entry(folder_, error), end;
  for (; !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename().native();
    const bool left = name.size() > unfinished.size() &&
                      name.compare(name.size() - unfinished.size(), unfinished.size(), unfinished) == 0;
    if (!left) refuse(folder_, "holds other things (" + in_quotes(name) + ")");
  }
  if (error) fail(folder_, "listed", error);
}

void owned_files::begin(std::set<std::string> wanted) {
  for (const std::string& name : wanted) {
    if (!is_own_name(name)) throw std::invalid_argument("'" + readable(name) + "' is no name of a file");
    const fs::path path = folder_ / name, parent = path.parent_path();
    if (name.find('/') != std::string::npos && is_there(parent) && type_of(parent) != fs::file_type::directory)
      throw std::runtime_error(in_quotes(parent) + " is in the way: it is no folder; move it away");
    if (!own_.count(name) && is_there(path))
      throw std::runtime_error(in_quotes(path) + " is in the way: the stage '" + readable(stage_) +
                               "' did not make it; move it away");
  }
  wanted_ = std::move(wanted);
  // First the list, then the files: a killed run leaves none that is not known to be its own.
  std::set<std::string> all = own_;
  all.insert(wanted_.begin(), wanted_.end());
  write_list(all);
}

void owned_files::make_parent(const std::string& name) const {
  std::error_code error;
  const fs::path parent = (folder_ / name).parent_path();
  if (name.find('/') == std::string::npos || fs::create_directory(parent, error) || !error) return;
  fail(parent, "made", error);
}

void owned_files::write(const std::string& name, const void* data, std::size_t size) const {
  const fs::path path = folder_ / name;
  if (holds(path, data, size)) return;
  make_parent(name);
  flowrun::write_file_atomically(path, data, size);
}

void owned_files::link(const std::string& name, const fs::path& target) const {
  const fs::path path = folder_ / name;
  std::error_code error;
  if (is_there(path)) {
    if (type_of(path) != fs::file_type::symlink)
      throw std::runtime_error(in_quotes(path) + " is in the way: it is no link any more; move it away");
    if (fs::read_symlink(path, error) == target) return;
    fs::remove(path, error);
    if (error) fail(path, "replaced", error);
  }
  make_parent(name);
  fs::create_symlink(target, path, error);
  if (error) fail(path, "made", error);
}

void owned_files::remove_stale(const std::string& name) const {
  const fs::path path = folder_ / name, parent = path.parent_path();
  const bool in_sub = name.find('/') != std::string::npos;
  // Through a link that replaced the sub folder, somebody else's files would be found.
  if (in_sub && type_of(parent) != fs::file_type::directory) return;
  const fs::file_type mine = kind_ == owned_kind::files ? fs::file_type::regular : fs::file_type::symlink;
  std::error_code error;
  if (type_of(path) == mine) fs::remove(path, error);
  if (error) fail(path, "removed", error);
  if (in_sub) fs::remove(parent, error);  // if it is empty
}

void owned_files::end() {
  for (const std::string& name : own_)
    if (!wanted_.count(name)) remove_stale(name);
  write_list(wanted_);
}

}  // namespace output
