#include "model_catalog.hpp"

#include <algorithm>
#include <set>

#include "read_model_file.hpp"

namespace flowrun::core {

namespace fs = std::filesystem;

namespace {

std::string lines_of(const std::vector<problem>& problems) {
  std::string text;
  for (const problem& p : problems) text += (text.empty() ? "" : "\n") + to_text(p);
  return text;
}

std::vector<fs::path> list_model_files(const fs::path& folder, model_catalog& to) {
  std::vector<fs::path> files;
  std::error_code error;
  fs::directory_iterator at(folder, error);
  for (; !error && at != fs::directory_iterator(); at.increment(error)) {
    std::error_code unknown;
    if (at->path().extension() == ".yaml" && !at->is_directory(unknown)) files.push_back(at->path());
  }
  if (error && error != std::errc::no_such_file_or_directory)
    to.refused.push_back({folder, folder.string() + ": the folder of models cannot be read: " + error.message()});
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

const model_file* model_catalog::find(const std::string& name) const {
  for (const model_file& m : models)
    if (m.name == name) return &m;
  return nullptr;
}

model_catalog read_model_catalog(const std::vector<fs::path>& folders) {
  model_catalog catalog;
  std::set<std::string> taken;
  for (const fs::path& folder : folders) {
    catalog.folders.push_back(folder.string());
    for (const fs::path& file : list_model_files(folder, catalog)) {
      // A broken file keeps its name too: another model in its place would be a surprise.
      if (!taken.insert(file.stem().string()).second) continue;
      std::vector<problem> problems;
      model_file model = read_model_file(file, problems);
      if (any_error(problems))
        catalog.refused.push_back({file, lines_of(problems)});
      else
        catalog.models.push_back(std::move(model));
    }
  }
  std::sort(catalog.models.begin(), catalog.models.end(),
            [](const model_file& a, const model_file& b) { return a.name < b.name; });
  return catalog;
}

}  // namespace flowrun::core
