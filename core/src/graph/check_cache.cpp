// Stages with `cache: true`: their code must be known by its version, what they read comparable by content, and what
// they give must have a codec.
#include "check_state.hpp"

namespace flowrun::core {

void check_caches(graph_state& g) {
  for (const stage_draft& s : g.stages) {
    if (!s.manifest || !s.settings.cache) continue;
    position at = s.spec->at;
    for (const yaml_entry& key : s.given.keys)
      if (key.first.text == "cache") at = key.first.at;
    // Its name and version are the same in another program, its code is not.
    if (g.catalog.find_in_process(s.spec->use)) {
      g.out.error("cache_in_process", at,
                  stage_text(s) + " cannot be cached: it is part of the program, and another program's '" +
                      s.spec->use + "' would find its answers; leave out 'cache', or make it a plugin");
      continue;
    }
    for (const input_manifest& i : s.manifest->inputs)
      if (!i.type.has_content)
        g.out.error(
            "cache_without_content", at,
            stage_text(s) + " cannot be cached: it reads '" + i.name + "' (" + i.type.name +
                "), whose content cannot be compared; leave out 'cache', or give the type fields() or content()");
    for (std::size_t i = 0; i < s.manifest->outputs.size(); ++i) {
      const output_manifest& o = s.manifest->outputs[i];
      if (o.type.keepable() || (!s.read[i] && !s.kept[i])) continue;
      g.out.error("cache_without_fields", at,
                  stage_text(s) + " cannot be cached: a stage reads its output '" + o.name + "' (" + o.type.name +
                      "), which declares no fields; leave out 'cache', or read another output");
    }
  }
}

}  // namespace flowrun::core
