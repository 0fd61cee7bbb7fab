// What results can be exported as.
#pragma once
#include <string>
#include <vector>

namespace flowrun::core {

inline const std::vector<std::string>& export_formats() {
  static const std::vector<std::string> names = {"jsonl", "csv", "npy", "coco", "yolo"};
  return names;
}
// The others are folders of files.
inline bool is_one_file(const std::string& format) {
  return format == "jsonl" || format == "coco";
}
inline bool takes_stdout(const std::string& format) {
  return format == "jsonl";
}

}  // namespace flowrun::core
