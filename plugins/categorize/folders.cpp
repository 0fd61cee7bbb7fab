#include "folders.hpp"

#include "../output/unique_keys.hpp"

namespace categorize {

void folders::describe(flowrun::description<folders>& d) {
  const std::string doc =
      "Makes a folder for each category, with a link to each picture and video that is in it.\n\n"
      "```yaml\n"
      "flowrun: 1\n"
      "stages:\n"
      "  media: {use: media.files, params: {path: photos}}\n"
      "  what: {use: categorize.image, in: media.image, params: {min_score: 0.3}}\n"
      "  folders: {use: categorize.folders, in: what.pictures, params: {media: photos}}\n"
      "```\n\n"
      "`categories/beach/2024_a.jpg` leads to `/home/me/photos/2024/a.jpg`. The categories are your own, `unknown` "
      "among them, where [categorize.image](categorize.image.md) has the param `categories`; else a picture's first "
      "label is its category, whatever its score: `min_score` of categorize.image leaves those that are not sure "
      "without one. With regions an item is linked for each region's category; a video is in all categories of its "
      "frames.";
  d.doc((doc + output::links_doc).c_str());
  d.param("media", &folders::media, "what the source reads, as its `path` says it").required();
  d.param("folder", &folders::folder, "where the folders are made; below the run directory, or an absolute path");
  d.gather(&folders::run, {"pictures"}, {"links"});
}

output::links_made folders::run(const flowrun::table<pictures>& found) const {
  output::rows_by_key(found, "pictures");
  output::link_wishes wishes;
  for (std::size_t i = 0; i < found.size(); ++i) {
    for (const category& c : found[i].categories) wishes[c.name].insert(found.key(i));
    if (!found[i].categories.empty()) continue;
    for (const std::vector<model_stages::label>& labels : found[i].labels)
      if (!labels.empty()) wishes[labels[0].name].insert(found.key(i));
  }
  return output::make_links(wishes, media, folder, context_);
}

}  // namespace categorize
