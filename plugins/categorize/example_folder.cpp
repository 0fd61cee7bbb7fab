#include "example_folder.hpp"

#include <algorithm>
#include <flowrun/packet.hpp>

namespace categorize {

namespace fs = std::filesystem;

namespace {

constexpr auto layout = "a folder with one sub-folder of example pictures for each category";

[[noreturn]] void refuse(const fs::path& folder, const std::string& what) {
  throw flowrun::input_error("the folder of categories '" + folder.string() + "' " + what);
}

std::vector<fs::path> list(const fs::path& folder, const fs::path& root) {
  std::vector<fs::path> entries;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
    if (at->path().filename().native()[0] != '.') entries.push_back(at->path());
  if (error) refuse(root, "cannot be listed: " + folder.string() + ": " + error.message());
  std::sort(entries.begin(), entries.end());
  return entries;
}

}  // namespace

std::vector<examples> list_examples(const std::string& folder) {
  std::error_code error;
  const fs::file_status status = fs::status(folder, error);
  if (!fs::exists(status))
    refuse(folder, "does not exist (seen from " + fs::current_path().string() + "); give " + layout);
  if (!fs::is_directory(status)) refuse(folder, std::string("is a file; give ") + layout);
  std::vector<examples> all;
  for (const fs::path& entry : list(folder, folder)) {
    if (!fs::is_directory(entry, error)) continue;
    if (entry.filename() == unknown)
      refuse(folder, "has a category named 'unknown', which means that no category fits; rename that folder");
    examples of{entry.filename().string(), {}};
    for (const fs::path& file : list(entry, folder))
      if (!fs::is_directory(file, error)) of.files.push_back(file);
    all.push_back(std::move(of));
  }
  if (all.empty()) refuse(folder, std::string("has no sub-folder; give ") + layout);
  return all;
}

}  // namespace categorize
