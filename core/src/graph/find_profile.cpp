// A name is looked up in folders, a path is taken as it is.
#include "find_profile.hpp"

#include <set>

#include "nearest_name.hpp"

namespace flowrun::core {

namespace fs = std::filesystem;

namespace {

bool is_path(const std::string& name) {
  const std::string ending = ".yaml";
  return name.find('/') != std::string::npos ||
         (name.size() >= ending.size() && name.compare(name.size() - ending.size(), ending.size(), ending) == 0);
}

std::vector<std::string> names_in(const std::vector<fs::path>& folders) {
  std::set<std::string> names = {auto_profile_name};
  for (const fs::path& folder : folders) {
    std::error_code error;
    for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error))
      if (it->path().extension() == ".yaml") names.insert(it->path().stem().string());
  }
  return {names.begin(), names.end()};
}

std::string folder_texts(const std::vector<fs::path>& folders) {
  std::vector<std::string> texts;
  for (const fs::path& folder : folders) texts.push_back(folder.string());
  return list_names(texts);
}

}  // namespace

std::optional<fs::path> find_profile(const std::string& name, const std::vector<fs::path>& folders,
                                     const fs::path& beside, std::string& fault) {
  std::error_code error;
  if (name.empty()) {
    fault = "the profile has no name; there is: " + list_names(names_in(folders)) + ", or a path of a file";
    return std::nullopt;
  }
  if (is_path(name)) {
    fs::path path = beside / name;
    if (fs::is_regular_file(path, error)) return path;
    fault = "there is no profile " + path.string();
    return std::nullopt;
  }
  for (const fs::path& folder : folders) {
    fs::path path = folder / (name + ".yaml");
    if (fs::is_regular_file(path, error)) return path;
  }
  const auto known = names_in(folders);
  fault = "there is no profile '" + name + "'; there is: " + list_names(known) +
          " (searched: " + folder_texts(folders) + "), or a path of a file" + did_you_mean(name, known);
  return std::nullopt;
}

}  // namespace flowrun::core
