// Settings from several places become one list: lowest first, each later one replaces what has the same name.
#include "apply_profiles.hpp"

#include <algorithm>

#include "stage_keys.hpp"

namespace flowrun::core {

void put_entry(yaml_entries& to, const yaml_entry& entry) {
  const auto same =
      std::find_if(to.begin(), to.end(), [&](const yaml_entry& e) { return e.first.text == entry.first.text; });
  if (same == to.end())
    to.push_back(entry);
  else
    *same = entry;
}

namespace {

// --set has been applied to the graph's tree; its values are known by their place.
bool is_override(const yaml_entry& entry) {
  return entry.second.at.line == 0 && entry.second.at.column > 0;
}

void put_own(yaml_entries& to, const yaml_entries& own, bool overrides) {
  for (const yaml_entry& entry : own)
    if (is_override(entry) == overrides) put_entry(to, entry);
}

void put_keys(stage_settings_text& to, const yaml_entries& keys) {
  for (const yaml_entry& entry : keys) {
    if (entry.first.text != "params")
      put_entry(to.keys, entry);
    else
      for (const yaml_entry& param : entry.second.entries) put_entry(to.params, param);
  }
}

yaml_entries keys_of_shape(yaml_entries keys, stage_shape shape) {
  keys.erase(std::remove_if(keys.begin(), keys.end(),
                            [shape](const yaml_entry& e) {
                              const stage_key* key = find_stage_key(e.first.text);
                              return key && !(key->shapes & shape_bit(shape));
                            }),
             keys.end());
  return keys;
}

void put_profile(stage_settings_text& to, const profile& p, const std::string& use, stage_shape shape) {
  if (shape == stage_shape::source) put_keys(to, p.sources);
  for (const yaml_entry& entry : p.uses)
    if (entry.first.text == use)
      put_keys(to, p.built_in ? keys_of_shape(entry.second.entries, shape) : entry.second.entries);
}

}  // namespace

stage_settings_text effective_keys(const stage_spec& stage, const profile_choice& profiles, stage_shape shape) {
  stage_settings_text merged;
  if (profiles.of_graph) put_profile(merged, *profiles.of_graph, stage.use, shape);
  put_own(merged.keys, stage.keys, false);
  put_own(merged.params, stage.params, false);
  for (const profile& p : profiles.given) put_profile(merged, p, stage.use, shape);
  put_own(merged.keys, stage.keys, true);
  put_own(merged.params, stage.params, true);
  return merged;
}

yaml_entries effective_run(const yaml_entries& run, const profile_choice& profiles) {
  yaml_entries merged;
  if (profiles.of_graph)
    for (const yaml_entry& entry : profiles.of_graph->run) put_entry(merged, entry);
  put_own(merged, run, false);
  for (const profile& p : profiles.given)
    for (const yaml_entry& entry : p.run) put_entry(merged, entry);
  put_own(merged, run, true);
  return merged;
}

}  // namespace flowrun::core
