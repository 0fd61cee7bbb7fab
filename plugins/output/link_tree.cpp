#include "link_tree.hpp"

#include <stdexcept>

#include "media_root.hpp"
#include "owned_files.hpp"
#include "readable.hpp"
#include "unique_names.hpp"

namespace output {

namespace fs = std::filesystem;

links_made make_links(const link_wishes& wishes, const std::string& media, const std::string& folder,
                      const flowrun::stage_context& context) {
  media_root root(media);
  links_made made;
  std::map<std::string, fs::path> targets;  // by the link's name
  std::set<std::string> names, missing;
  unique_names folder_names;
  for (const auto& wish : wishes) {
    const std::string sub = folder_names.add(wish.first);
    std::set<std::string> files;
    for (const std::string& key : wish.second) {
      std::string file = root.find(key);
      file.empty() ? missing.insert(key) : files.insert(std::move(file));
    }
    unique_names link_names;
    for (const std::string& file : files) {
      const std::string name = sub + "/" + link_names.add(file);
      targets[name] = root.folder() / file;
      names.insert(name);
    }
    made.folders += files.empty() ? 0 : 1;
    made.links += static_cast<int>(files.size());
  }
  made.missing = static_cast<int>(missing.size());
  if (!missing.empty()) {
    const std::string below = " a file below '" + readable(root.folder().native()) + "'";
    const std::string count = std::to_string(missing.size()), first = "'" + readable(*missing.begin()) + "'";
    if (targets.empty())
      throw std::runtime_error("none of " + count + " items, such as " + first + ", has" + below +
                               "; the param 'media' must be what the source reads, as its param 'path' says it");
    context.log(flowrun::log_level::warning,
                count + " items do not have" + below + ", such as " + first + "; they are not linked");
  }
  owned_files tree(fs::path(context.out) / folder, owned_kind::links, context.stage);
  tree.begin(std::move(names));
  for (const auto& link : targets) tree.link(link.first, link.second);
  tree.end();
  return made;
}

}  // namespace output
