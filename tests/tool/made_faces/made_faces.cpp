// Faces as text files, for tests of what is behind them: a file is a picture, a line a face, its quality and its
// vector.
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "../../../plugins/faces/face_vectors.hpp"
#include "../probe/probe.hpp"

namespace made_faces {

struct files {
  static constexpr auto name = "files";
  std::string path, note;
  int sleep_us = 0;

  static void describe(flowrun::description<files>& d) {
    d.doc("Faces written down in text files.");
    d.param("path", &files::path, "folder of the files").required().listing();
    d.param("note", &files::note, "each file that is read is noted in this one; empty: none");
    d.param("sleep_us", &files::sleep_us, "of each reading").range(0, 60'000'000);
    d.source(&files::next, &files::load, {"faces"});
  }
  void open(const flowrun::stage_context&) {
    for (const auto& entry : std::filesystem::directory_iterator(path)) names_.push_back(entry.path().filename());
    std::sort(names_.begin(), names_.end());
  }
  bool next(flowrun::item_ref& ref) {
    if (at_ == names_.size()) return false;
    ref.key = names_[at_++];
    struct stat s {};
    if (::stat((path + "/" + ref.key).c_str(), &s) != 0) throw std::runtime_error(ref.key + " is gone");
    ref.size = static_cast<std::uint64_t>(s.st_size);
    ref.mtime_ns = s.st_mtim.tv_sec * 1'000'000'000 + s.st_mtim.tv_nsec;
    return true;
  }
  faces::face_vectors load(const flowrun::item_ref& ref) const {
    probe::append(note, ref.key);
    probe::pause(sleep_us);
    std::ifstream in(path + "/" + ref.key);
    faces::face_vectors found;
    for (std::string line; std::getline(in, line);) {
      std::istringstream words(line);
      std::vector<float> numbers;
      for (std::string word; words >> word;) numbers.push_back(std::stof(word));
      found.list.push_back({{numbers.begin() + 1, numbers.end()}, numbers.at(0)});
    }
    return found;
  }

 private:
  std::vector<std::string> names_;
  std::size_t at_ = 0;
};

}  // namespace made_faces

FLOWRUN_PLUGIN("made_faces", "1.0.0", made_faces::files)
