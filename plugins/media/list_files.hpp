// Which pictures and videos are there: one look at folders, files and patterns.
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "file_access.hpp"
#include "file_kind.hpp"

namespace media {

struct found_file {
  std::string key;      // relative to the root; '/' between folders
  std::string path;     // to open it
  std::string problem;  // why this item can only fail; empty: not known yet
  std::size_t root = 0;
  // By its name where that says one; else by its content; `other` where neither was looked at.
  file_kind kind = file_kind::other;
};

struct root_folder {
  std::string path;
  dev_t device = 0;  // another one later: the disk was taken away
};

struct file_listing {
  std::vector<root_folder> roots;
  std::vector<found_file> files;    // by key, bytewise
  std::uint64_t other_files = 0;    // neither named like what is listed nor such a file
  std::uint64_t special_files = 0;  // pipes, sockets, devices: never opened
  std::uint64_t folders = 0;        // passed over because `recursive` is off
  std::vector<std::string> loops;   // links to a folder they lie in, passed over
  std::vector<std::string> own;     // the run directory, passed over
};

struct listing_options {
  bool recursive = false;
  bool videos = false;  // besides pictures
  // Several roots: keys begin with the root's own name, or with as many of its last folders as it takes for the roots
  // to differ (2023/photos/a.jpg and 2024/photos/a.jpg). The count is the same for all, so that no key can be
  // another's.
  bool root_names = false;
  std::string run_directory;        // not listed when it lies below a root; may be missing
  std::function<bool()> stop = {};  // asked now and then; true: gives what was found so far
};

// An entry is a folder, a file, or a pattern with * ? [a-z] and ** for any number of folders; what exists under its
// literal name is taken literally. Links to files and folders are followed. A file found twice is listed once, under
// its first root. Throws flowrun::input_error for an entry that is missing, unreadable or matches nothing, naming it
// and what would be right.
file_listing list_files(const std::vector<std::string>& entries, const listing_options& options);

}  // namespace media
