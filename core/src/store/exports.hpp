// Results out of a run directory. Needs no plugin: the database says how its values are encoded.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

namespace flowrun::core {

struct export_options {
  bool canonical = false;  // sorted, no times, no paths: equal runs give equal bytes
};

struct export_summary {
  std::size_t items = 0;
  std::vector<std::string> notes;  // what was left out, a line each
};

// All of them: items in item order (source, stream, then key in a set and seq in a sequence); items that are gone, and
// items whose answers belong to an earlier version of the graph (its re-run was interrupted), are left out. Every file
// is there whole or not at all. They throw store_error.

// By a name of export_formats(); `to`: the file, or the folder, which is made.
export_summary export_as(const std::string& format, const std::filesystem::path& run_directory,
                         const std::filesystem::path& to, export_options options);

// One JSON record an item; last, where a gather has given values for the whole run, one record
// {"run": {label: value}}. Returns the number of items. A reader that closes the pipe is a store_error only where
// SIGPIPE is ignored.
std::size_t export_jsonl(const std::filesystem::path& run_directory, const std::filesystem::path& to,
                         export_options options);
// To standard output (or any descriptor).
std::size_t export_jsonl(const std::filesystem::path& run_directory, int fd, export_options options);

// items.csv, and LABEL.csv for each kept port, with a row for each item that it answered; LABEL.FIELD.csv for each list
// of objects in its values, with a row for each element. canonical: an object's fields sorted.
export_summary export_csv(const std::filesystem::path& run_directory, const std::filesystem::path& folder,
                          export_options options);

// LABEL.npy for each kept port that gives numbers, LABEL.FIELD.npy for each of its fields that is a number or a list of
// numbers, and LABEL.ids.txt with the items of their rows; of a list of objects the same for its elements. Lists of
// differing length are a store_error (65), told before anything is written.
export_summary export_npy(const std::filesystem::path& run_directory, const std::filesystem::path& folder);

// Boxes of all kept ports that have some (box_layout.hpp), as COCO's JSON; items with a value of one are its images.
// canonical: keys sorted. Where there is no such port, or two differ in the size of a picture: store_error (65), told
// before anything is written.
export_summary export_coco(const std::filesystem::path& run_directory, const std::filesystem::path& to,
                           export_options options);

// The same boxes as labels/PICTURE.txt, with classes.txt and data.yaml. A picture without a size, and two items of one
// label file, are a store_error (65), told before anything is written.
export_summary export_yolo(const std::filesystem::path& run_directory, const std::filesystem::path& folder);

}  // namespace flowrun::core
