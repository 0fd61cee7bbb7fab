// A folder that nothing is written outside of.
#pragma once
#include <filesystem>
#include <string>

namespace image_write {

class output_folder {
 public:
  output_folder() = default;
  // Makes the folder. Throws flowrun::run_error when that is not possible.
  explicit output_folder(const std::filesystem::path& root);

  // `relative` without "." and doubled slashes: two texts for one file become one. Throws std::runtime_error for
  // one that is empty, absolute, names a folder or climbs out by "..".
  static std::string inside(const std::string& relative);

  // Where a file of that name, given by inside(), goes; its folders exist afterwards. Throws std::runtime_error when a
  // link on the way leads out or something is in the way, flowrun::run_error when the disk is full or broken.
  std::filesystem::path place(const std::string& relative) const;

 private:
  std::filesystem::path root_;  // without links
};

}  // namespace image_write
