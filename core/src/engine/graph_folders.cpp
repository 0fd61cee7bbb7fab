#include "graph_folders.hpp"

#include <sys/stat.h>
#include <unistd.h>

namespace flowrun::core {

// A library runs as the user who starts the graph: a folder others can write to would let them choose the code.
static std::string distrust(const std::filesystem::path& folder, const std::string& key) {
  struct stat st {};
  if (::stat(folder.c_str(), &st) != 0) return "is not there";
  if (!S_ISDIR(st.st_mode)) return "is not a folder";
  if (st.st_uid != 0 && st.st_uid != ::geteuid())
    return "belongs to another user; " + key + " are only taken from your own or root's folders";
  if (st.st_mode & S_IWOTH) return "is writable by everyone; take that right away (chmod o-w) to use its " + key;
  return {};
}

static std::vector<std::filesystem::path> trusted(const graph_spec& spec, const std::vector<yaml_node>& nodes,
                                                  const std::string& key, std::vector<problem>& problems) {
  std::vector<std::filesystem::path> folders;
  for (const yaml_node& node : nodes) {
    std::filesystem::path folder = std::filesystem::path(spec.file).parent_path() / node.text;
    std::string why_not = distrust(folder, key);
    if (why_not.empty())
      folders.push_back(folder);
    else
      problems.push_back({key == "plugins" ? "plugin_folder" : "model_folder", spec.file, node.at.line, node.at.column,
                          key + ": folder '" + node.text + "' " + why_not, false});
  }
  return folders;
}

std::vector<std::filesystem::path> plugin_folders(const graph_spec& spec, std::vector<problem>& problems) {
  return trusted(spec, spec.plugin_folders, "plugins", problems);
}
std::vector<std::filesystem::path> model_folders(const graph_spec& spec, std::vector<problem>& problems) {
  return trusted(spec, spec.model_folders, "models", problems);
}

}  // namespace flowrun::core
