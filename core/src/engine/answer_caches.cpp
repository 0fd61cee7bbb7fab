#include "answer_caches.hpp"

#include <algorithm>

#include "../graph/read_outputs.hpp"
#include "outcomes.hpp"

namespace flowrun::core {

answer_caches open_caches(const checked_graph& graph, const std::vector<const stage_info*>& code,
                          const std::vector<std::string>& models, const std::filesystem::path& folder) {
  answer_caches caches;
  if (std::none_of(graph.stages.begin(), graph.stages.end(), [](const checked_stage& s) { return s.cache; }))
    return caches;
  caches.homeless = folder.empty();
  if (caches.homeless) return caches;
  caches.files = std::make_unique<answer_files>(folder / "answers", graph.run.cache_size);
  caches.by_stage.resize(graph.stages.size());
  const std::vector<std::vector<bool>> read = read_outputs(graph);
  for (std::size_t i = 0; i < graph.stages.size(); ++i) {
    const checked_stage& s = graph.stages[i];
    if (!s.cache) continue;
    // What is neither kept nor read is not worth its bytes.
    std::vector<bool> needed = s.kept;
    for (std::size_t port = 0; port < needed.size(); ++port) needed[port] = needed[port] || read[i][port];
    caches.by_stage[i] = std::make_shared<answer_cache>(
        *caches.files, fingerprint_alone(s, models.empty() ? "" : models[i]), *code[i], std::move(needed));
  }
  return caches;
}

std::vector<std::string> answer_caches::close() const {
  std::vector<std::string> lines;
  if (homeless)
    lines.push_back("cache: there is no folder for it (neither XDG_CACHE_HOME nor HOME is set); nothing was kept");
  if (!files) return lines;
  if (const std::size_t gone = files->trim())
    lines.push_back("cache: " + std::to_string(gone) +
                    " answers that were not used for longest were forgotten; run.cache_size keeps more");
  if (const std::string fault = files->fault(); !fault.empty()) lines.push_back("cache: " + fault);
  return lines;
}

}  // namespace flowrun::core
