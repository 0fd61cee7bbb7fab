// A profile: settings for a machine or a purpose, laid over any graph by the names of its plugins' stages.
#pragma once
#include "graph_spec.hpp"

namespace flowrun::core {

struct profile {
  std::string file;      // as told in messages; every position below knows it too
  yaml_entries uses;     // PLUGIN.STAGE: a map of stage keys
  yaml_entries sources;  // stage keys of every source
  yaml_entries run;      // run settings
  bool built_in =
      false;  // by its names alone, whatever the stages are: keys a stage's shape does not take are left out
};

// What is wrong is appended to `problems`; without an error among them the profile may be applied. Whether a value fits
// its key is checked where it is applied: that depends on the stage.
profile read_profile_text(const std::string& text, const std::string& file, std::vector<problem>& problems);

}  // namespace flowrun::core
