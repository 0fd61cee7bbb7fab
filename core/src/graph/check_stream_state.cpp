// What a network with `state: stream` asks of the stage that runs it: its rows go through it in a stream's order.
#include "check_state.hpp"
#include "stage_keys.hpp"

namespace flowrun::core {

namespace {

bool asks_for_nothing(const checked_stage& s, const std::string& key) {
  return (key == "parallel" && s.parallel <= 1) || (key == "retries" && s.retries == 0) || (key == "cache" && !s.cache);
}

}  // namespace

void check_stream_state(graph_state& g, const stage_draft& s, const model_file& model, position at) {
  const std::string keeps = "the model '" + model.name + "' keeps a state by stream";
  if (s.manifest->shape != stage_shape::model) {
    g.out.error("model_state", at,
                keeps + ", so it needs the rows of a stream in order; " + stage_text(s) +
                    " calls its networks for several items at once: run it by a stage with prepare() and finish()");
    return;
  }
  for (const auto& entry : s.given.keys) {
    const stage_key* key = find_stage_key(entry.first.text);
    if (!key || !key->not_serial || !(key->shapes & for_models) || asks_for_nothing(s.settings, key->name)) continue;
    g.out.error("key_not_for_serial", entry.first.at,
                "'" + entry.first.text + "' is not for " + stage_text(s) + ": " + keeps + ", so " + key->not_serial);
  }
}

}  // namespace flowrun::core
