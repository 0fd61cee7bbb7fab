// A folder of examples: one sub-folder for each category, with pictures in it.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

namespace categorize {

inline constexpr auto unknown = "unknown";

struct examples {
  std::string category;                      // the folder's name
  std::vector<std::filesystem::path> files;  // by name
};

// In the order of their names; entries that begin with a dot are passed over, and so are files beside the sub-folders.
// Throws flowrun::input_error with one sentence unless there is at least one category, none of them named `unknown`.
std::vector<examples> list_examples(const std::string& folder);

}  // namespace categorize
