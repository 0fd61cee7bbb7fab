#include "plugin_search.hpp"

#include <sys/stat.h>
#include <unistd.h>

namespace flowrun::core {

// A library runs as the user who starts the graph: a folder others can write to would let them choose the code.
static std::string distrust(const std::filesystem::path& folder) {
  struct stat st {};
  if (::stat(folder.c_str(), &st) != 0) return "is not there";
  if (!S_ISDIR(st.st_mode)) return "is not a folder";
  if (st.st_uid != 0 && st.st_uid != ::geteuid())
    return "belongs to another user; plugins are only taken from your own or root's folders";
  if (st.st_mode & S_IWOTH) return "is writable by everyone; take that right away (chmod o-w) to use its plugins";
  return {};
}

std::vector<std::filesystem::path> graph_folders(const graph_spec& spec, std::vector<problem>& problems) {
  std::vector<std::filesystem::path> folders;
  for (const yaml_node& node : spec.plugin_folders) {
    std::filesystem::path folder = std::filesystem::path(spec.file).parent_path() / node.text;
    std::string why_not = distrust(folder);
    if (why_not.empty())
      folders.push_back(folder);
    else
      problems.push_back({"plugin_folder", spec.file, node.at.line, node.at.column,
                          "plugins: folder '" + node.text + "' " + why_not, false});
  }
  return folders;
}

}  // namespace flowrun::core
