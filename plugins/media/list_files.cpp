#include "list_files.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <flowrun/atomic_file.hpp>
#include <flowrun/packet.hpp>
#include <optional>
#include <unordered_set>

#include "file_kind.hpp"
#include "glob_pattern.hpp"
#include "root_names.hpp"

namespace media {

namespace {

std::string joined(const std::string& folder, const std::string& name) {
  return folder.empty() || folder.back() == '/' ? folder + name : folder + "/" + name;
}

[[noreturn]] void refuse(const std::string& entry, const std::string& what) {
  throw flowrun::input_error("the path '" + entry + "' " + what);
}

class scan {
 public:
  scan(const listing_options& options, file_listing& found) : options_(options), found_(found) {
    struct stat status {};
    if (!options.run_directory.empty() && status_of(options.run_directory, status) == 0) own_ = identity(status);
  }

  void add_entry(const std::string& entry) {
    struct stat status {};
    int error = status_of(entry, status);
    if (error == 0 && S_ISDIR(status.st_mode)) return add_folder_entry(entry, entry);
    if (error == 0) return add_file_entry(entry, status);
    if (is_link(entry))
      refuse(entry, error == ENOENT ? "is a link to nothing; give a folder, a file or a pattern"
                                    : std::string("cannot be followed: ") + std::strerror(error));
    if (has_wildcard(entry)) return add_pattern_entry(entry);
    if (error == ENOENT || error == ENOTDIR)
      refuse(entry, "does not exist (seen from " + plain_path(".") +
                        "); give a folder, a file or a pattern such as 'photos/*.jpg'");
    refuse(entry, std::string("cannot be read: ") + std::strerror(error) + "; give one that may be read");
  }

 private:
  static file_identity identity(const struct stat& status) { return {status.st_dev, status.st_ino}; }
  bool stopped() const { return options_.stop && options_.stop(); }

  void begin_root(const std::string& path, const std::string& entry) {
    struct stat status {};
    int error = status_of(path, status);
    if (error == 0 && !S_ISDIR(status.st_mode)) error = ENOTDIR;
    if (error != 0 && path != entry)
      refuse(entry, "matches nothing: the folder '" + path + "': " + std::strerror(error));
    std::string plain = plain_path(path);
    for (root_ = 0; root_ < found_.roots.size(); ++root_)
      if (plain_path(found_.roots[root_].path) == plain) break;
    if (root_ == found_.roots.size()) found_.roots.push_back({path, status.st_dev});
    above_.assign(1, identity(status));
  }

  void add_folder_entry(const std::string& folder, const std::string& entry) {
    begin_root(folder, entry);
    std::vector<std::string> names;
    int error = names_in(folder, names);
    if (error != 0)
      refuse(entry, std::string("cannot be read: ") + std::strerror(error) + "; give a folder that may be listed");
    visit_all(folder, "", names);
  }

  void add_file_entry(const std::string& file, const struct stat& status) {
    if (!S_ISREG(status.st_mode)) refuse(file, "is neither a folder nor a file; give a folder, a file or a pattern");
    input_file opened;
    int error = opened.open(file);
    if (error != 0)
      refuse(file, std::string("cannot be read: ") + std::strerror(error) + "; give one that may be read");
    std::size_t slash = file.rfind('/');
    std::string folder = slash == std::string::npos ? "." : slash == 0 ? "/" : file.substr(0, slash);
    begin_root(folder, file);
    // Asked for by name: whatever is in it, it is an item.
    std::string beginning;
    opened.read(beginning, kind_bytes);  // an error shows again when it is loaded
    add(file.substr(slash + 1), file, "", kind_of(beginning));
  }

  void add_pattern_entry(const std::string& entry) {
    glob_pattern pattern = split_pattern(entry);
    begin_root(pattern.root, entry);
    matched_ = false;
    match(pattern, 0, pattern.root, "");
    if (!matched_ && !stopped())
      refuse(entry, "matches nothing (seen from " + plain_path(".") + "); give a pattern that matches a file");
  }

  void match(const glob_pattern& pattern, std::size_t part, const std::string& folder, const std::string& key) {
    std::vector<std::string> names;
    int error = names_in(folder, names);
    if (error != 0) {
      if (key.empty()) refuse(folder, std::string("cannot be read: ") + std::strerror(error));
      return add(key, folder, std::string("cannot be listed: ") + std::strerror(error));
    }
    bool last = part + 1 == pattern.parts.size(), any_folder = pattern.parts[part] == "**";
    if (any_folder && !last) match(pattern, part + 1, folder, key);
    for (const std::string& name : names) {
      if (stopped()) return;
      std::string path = joined(folder, name), name_key = joined(key, name);
      if (!matches(any_folder ? "*" : pattern.parts[part], name)) continue;
      struct stat status {};
      bool is_folder = status_of(path, status) == 0 && S_ISDIR(status.st_mode);
      if (last && !(any_folder && is_folder)) {
        matched_ = true;
        visit(path, name_key);
      } else if (is_folder && enter(path, status)) {
        match(pattern, any_folder ? part : part + 1, path, name_key);
        above_.pop_back();
      }
    }
  }

  void visit_all(const std::string& folder, const std::string& key, const std::vector<std::string>& names) {
    for (const std::string& name : names) {
      if (stopped()) return;
      visit(joined(folder, name), joined(key, name));
    }
  }

  void visit(const std::string& path, const std::string& key) {
    file_kind named = kind_of_name(key);
    struct stat status {};
    int error = status_of(path, status);
    if (error == ENOENT || error == ELOOP) {
      if (named != file_kind::other && is_link(path))
        return add(key, path, error == ENOENT ? "is a link to nothing" : "is a link that leads back to itself");
      found_.other_files += is_link(path) ? 1 : 0;  // else it was deleted since the folder was read
    } else if (error != 0) {
      add(key, path, std::string("cannot be read: ") + std::strerror(error));
    } else if (S_ISDIR(status.st_mode)) {
      visit_folder(path, key, status);
    } else if (!S_ISREG(status.st_mode)) {
      ++found_.special_files;
    } else if (key.ends_with(flowrun::unfinished_suffix)) {
      ++found_.other_files;
    } else if (named != file_kind::other) {
      add(key, path, "", named);
    } else {
      visit_unnamed(path, key);
    }
  }

  void visit_unnamed(const std::string& path, const std::string& key) {
    std::string beginning;
    input_file opened;
    int error = opened.open(path);
    if (error == 0) error = opened.read(beginning, kind_bytes);
    if (error != 0) return add(key, path, std::string("cannot be read: ") + std::strerror(error));
    file_kind kind = kind_of(beginning);
    if (kind == file_kind::picture || (kind == file_kind::video && options_.videos))
      add(key, path, "", kind);
    else
      ++found_.other_files;
  }

  file_kind kind_of_name(const std::string& name) const {
    if (!picture_extension(name).empty()) return file_kind::picture;
    return options_.videos && !video_extension(name).empty() ? file_kind::video : file_kind::other;
  }

  void visit_folder(const std::string& path, const std::string& key, const struct stat& status) {
    if (!options_.recursive) {
      ++found_.folders;
      return;
    }
    if (!enter(path, status)) return;
    std::vector<std::string> names;
    int error = names_in(path, names);
    if (error != 0)
      add(key, path, std::string("cannot be listed: ") + std::strerror(error));
    else
      visit_all(path, key, names);
    above_.pop_back();
  }

  // False for a folder that is not to be looked into; else it is on top of above_ now.
  bool enter(const std::string& path, const struct stat& status) {
    file_identity folder = identity(status);
    bool loop = std::find(above_.begin(), above_.end(), folder) != above_.end();
    if (loop) found_.loops.push_back(path);
    if (!loop && own_ && *own_ == folder) found_.own.push_back(path);
    if (loop || (own_ && *own_ == folder)) return false;
    above_.push_back(folder);
    return true;
  }

  void add(std::string key, const std::string& path, std::string problem, file_kind kind = file_kind::other) {
    if (!paths_.insert(plain_path(path)).second) return;
    found_.files.push_back({std::move(key), path, std::move(problem), root_, kind});
  }

  const listing_options& options_;
  file_listing& found_;
  std::optional<file_identity> own_;
  std::size_t root_ = 0;
  std::vector<file_identity> above_;  // the folders on the way to here
  std::unordered_set<std::string> paths_;
  bool matched_ = false;
};

void name_roots(file_listing& found) {
  std::vector<std::string> paths;
  for (const root_folder& root : found.roots) paths.push_back(root.path);
  std::vector<std::string> names = root_names(paths);
  for (found_file& file : found.files) file.key = joined(names[file.root], file.key);
}

}  // namespace

file_listing list_files(const std::vector<std::string>& entries, const listing_options& options) {
  file_listing found;
  scan all(options, found);
  for (const std::string& entry : entries) all.add_entry(entry);
  if (options.root_names) name_roots(found);
  // std::string compares as unsigned bytes.
  std::sort(found.files.begin(), found.files.end(),
            [](const found_file& a, const found_file& b) { return a.key < b.key; });
  auto same = std::adjacent_find(found.files.begin(), found.files.end(),
                                 [](const found_file& a, const found_file& b) { return a.key == b.key; });
  if (same != found.files.end())
    throw flowrun::input_error("the files '" + same->path + "' and '" + (same + 1)->path +
                               "' would both be the item '" + same->key +
                               "'; give paths whose folders have different names");
  return found;
}

}  // namespace media
