// Folders of links to media, one for each person or category.
#pragma once
#include <flowrun/codec.hpp>
#include <flowrun/packet.hpp>
#include <map>
#include <set>
#include <string>

namespace output {

struct links_made {
  static constexpr auto port = "output.links/1";
  int folders = 0, links = 0, missing = 0;

  static void fields(flowrun::fields<links_made>& f) {
    f.field("folders", &links_made::folders, "with at least one link");
    f.field("links", &links_made::links, "in all folders; a video is linked once in each");
    f.field("missing", &links_made::missing, "items that would be linked, but have no file below `media`");
  }
};

// By name of a folder, the keys of the items in it. Names and keys are any bytes.
using link_wishes = std::map<std::string, std::set<std::string>>;

// `media` and `folder` are params of the stage. Throws std::runtime_error when there is no file for any of them.
links_made make_links(const link_wishes& wishes, const std::string& media, const std::string& folder,
                      const flowrun::stage_context& context);

// What stages that make them say of it.
constexpr auto links_doc = R"(

- `media` is what the source reads: the folder (or the file, or the pattern) of its `path`. With `paths`, keys begin
  with the names of folders; then it is the folder that all of these lie in, and where there is no such one, links
  cannot be made. Relative paths are seen from where the run was started.
- A link is called like the item's key, with `_` for each `/`: `2024_a.jpg`, and leads to the file by its absolute path.
  A name that begins with a dot gets a `_` before it; of one longer than 240 bytes the last 240 are taken. Where two
  have one name, the second one in the order of the files is `2024_a~2.jpg`.
- A frame's link leads to its video; each video is linked once in a folder.
- Items whose file is not there are counted in `missing`, with a warning in log.txt. If there is none for any of them,
  `media` is wrong: the gather fails.
- `folder` is a new folder, an empty one, or one that this stage made before. A list in it, `.flowrun-files`, says which
  links are its own: those that are no longer right are removed, with the folders this empties. Other files are never
  touched; one that has the name of a link to be made is an error. It must not lie in what the source reads: links are
  followed, and every linked file would be listed again.
- Links that you removed come back when the gather runs again: when what it reads or its params have changed, or with
  `flowrun gather RUN STAGE`.)";

}  // namespace output
