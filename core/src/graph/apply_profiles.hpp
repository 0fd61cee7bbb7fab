// What a stage or the run is told by --set, the given profiles, the graph and the graph's own profile together.
#pragma once
#include <flowrun/stage.hpp>

#include "profile.hpp"

namespace flowrun::core {

struct profile_choice {
  std::vector<profile> given;       // --profile, of several the last wins
  std::optional<profile> of_graph;  // the graph's key `profile`
};

struct stage_settings_text {
  yaml_entries keys;    // without `params`
  yaml_entries params;  // merged param by param
};

// Adds an entry, or replaces the one of its name.
void put_entry(yaml_entries& to, const yaml_entry& entry);

// --set > given profiles > the graph's stage keys > the graph's profile. Within one profile `uses` > `sources`. Each
// entry keeps its place, so that a problem with it is told where it was written. `shape`: what the stage is.
stage_settings_text effective_keys(const stage_spec& stage, const profile_choice& profiles, stage_shape shape);

// The same for the run's settings.
yaml_entries effective_run(const yaml_entries& run, const profile_choice& profiles);

}  // namespace flowrun::core
