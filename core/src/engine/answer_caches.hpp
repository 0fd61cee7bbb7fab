// The caches of a run's stages.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "../cache/answer_cache.hpp"
#include "../graph/checked_graph.hpp"

namespace flowrun::core {

struct answer_caches {
  std::vector<std::shared_ptr<stage_cache>> by_stage;  // null where a stage has none; empty: no stage has one
  std::unique_ptr<answer_files> files;                 // null: no stage has a cache

  bool homeless = false;  // a stage would have one, but there is no folder

  // Ends a run's use of them: forgets what is too much. A line for the user each.
  std::vector<std::string> close() const;
};

// `folder`: the engine's cache; empty: nothing is cached. `models`: by stage, what of its model decides its answers.
answer_caches open_caches(const checked_graph& graph, const std::vector<const stage_info*>& code,
                          const std::vector<std::string>& models, const std::filesystem::path& folder);

}  // namespace flowrun::core
