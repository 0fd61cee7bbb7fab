#include "folders.hpp"

#include "../output/unique_keys.hpp"
#include "identity_name.hpp"

namespace faces {

void folders::describe(flowrun::description<folders>& d) {
  const std::string doc =
      "Makes a folder for each identity, with a link to each picture and video it was seen in.\n\n"
      "```yaml\n"
      "flowrun: 1\n"
      "stages:\n"
      "  media: {use: media.files, params: {path: photos}}\n"
      "  found: {use: faces.detect, in: media.image}\n"
      "  vectors: {use: faces.embed, in: {image: media.image, faces: found.faces}}\n"
      "  who: {use: faces.cluster, in: vectors}\n"
      "  people: {use: faces.folders, in: who, params: {media: photos}}\n"
      "```\n\n"
      "`people/0007/party_a.jpg` leads to `/home/me/photos/party/a.jpg`. The folder's name is the identity's number, "
      "of "
      "at least four digits. Faces of nobody are not linked; a picture with two people is linked in two folders.";
  d.doc((doc + output::links_doc).c_str());
  d.param("media", &folders::media, "what the source reads, as its `path` says it").required();
  d.param("folder", &folders::folder, "where the folders are made; below the run directory, or an absolute path");
  d.gather(&folders::run, {"identities"}, {"links"});
}

output::links_made folders::run(const flowrun::table<identities>& found) const {
  output::rows_by_key(found, "identities");
  output::link_wishes wishes;
  for (std::size_t i = 0; i < found.size(); ++i)
    for (const membership& m : found[i].list)
      if (m.identity != nobody) wishes[identity_name(m.identity)].insert(found.key(i));
  return output::make_links(wishes, media, folder, context_);
}

}  // namespace faces
