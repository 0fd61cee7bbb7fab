// Where the files lie that items' keys name.
#pragma once
#include <filesystem>
#include <string>
#include <unordered_set>

namespace output {

class media_root {
 public:
  // What the source reads, as its `path` says it: a folder, a file, or a pattern. Throws std::runtime_error where that
  // is not there.
  explicit media_root(const std::string& media);

  // The file of an item below folder(): "2024/clip.mp4" of the frame "2024/clip.mp4#000123". Empty: there is none, or
  // the key would lead out of the folder.
  std::string find(const std::string& key);
  // Absolute, without links.
  const std::filesystem::path& folder() const { return folder_; }

 private:
  bool is_file(const std::string& relative);

  std::filesystem::path folder_;
  std::unordered_set<std::string> videos_;  // found for a frame before
};

}  // namespace output
