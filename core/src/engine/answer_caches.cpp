#include "answer_caches.hpp"

#include <algorithm>

#include "outcomes.hpp"

namespace flowrun::core {

// What is kept, or read by a stage; the rest is not worth its bytes.
static std::vector<bool> needed_outputs(const checked_graph& graph, std::size_t stage) {
  std::vector<bool> needed = graph.stages[stage].kept;
  for (const checked_stage& reader : graph.stages)
    for (const auto& input : reader.inputs)
      for (port_index from : input)
        if (from.stage == static_cast<int>(stage)) needed[static_cast<std::size_t>(from.port)] = true;
  return needed;
}

answer_caches open_caches(const checked_graph& graph, const std::vector<const stage_info*>& code,
                          const std::vector<std::string>& models, const std::filesystem::path& folder) {
  answer_caches caches;
  if (std::none_of(graph.stages.begin(), graph.stages.end(), [](const checked_stage& s) { return s.cache; }))
    return caches;
  caches.homeless = folder.empty();
  if (caches.homeless) return caches;
  caches.files = std::make_unique<answer_files>(folder / "answers", graph.run.cache_size);
  caches.by_stage.resize(graph.stages.size());
  for (std::size_t i = 0; i < graph.stages.size(); ++i)
    if (graph.stages[i].cache)
      caches.by_stage[i] = std::make_shared<answer_cache>(
          *caches.files, fingerprint_alone(graph.stages[i], models.empty() ? "" : models[i]), *code[i],
          needed_outputs(graph, i));
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
