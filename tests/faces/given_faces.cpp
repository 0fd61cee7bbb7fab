// The plugin `given`: faces that a file tells, where no detector shall be part of a test.
#include <flowrun/plugin.hpp>
#include <fstream>
#include <map>
#include <sstream>

#include "../../plugins/faces/faces.hpp"

namespace {

struct read_faces {
  static constexpr auto name = "faces";
  std::string file;

  static void describe(flowrun::description<read_faces>& d) {
    d.doc(
        "The faces of a picture, as a file tells them.\n\n"
        "```yaml\n"
        "flowrun: 1\n"
        "stages:\n"
        "  media: {use: media.files, params: {path: photos}}\n"
        "  faces: {use: given.faces, in: media.image, params: {file: faces.txt}}\n"
        "keep: [faces]\n"
        "```");
    d.param("file", &read_faces::file, "a face a line: the item's key, then x and y of its five landmarks").required();
    d.run(&read_faces::run, {"image"}, {"faces"});
  }

  void open(const flowrun::stage_context&) {
    std::ifstream lines(file);
    for (std::string line; std::getline(lines, line);) {
      std::istringstream words(line);
      std::string key;
      faces::face f;
      words >> key;
      for (float& value : f.landmarks) words >> value;
      if (!words) throw flowrun::input_error(file + " has a line that is no face: " + line);
      f.score = 1;
      known_[key].push_back(f);
    }
  }

  faces::face_list run(const flowrun::image& in, const flowrun::item_info& item) const {
    const auto found = known_.find(std::string(item.key));
    return {in.width, in.height, found == known_.end() ? std::vector<faces::face>() : found->second};
  }

 private:
  std::map<std::string, std::vector<faces::face>> known_;
};

}  // namespace

FLOWRUN_PLUGIN("given", "1.0.0", read_faces)
