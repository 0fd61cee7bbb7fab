#include "stage_code.hpp"

#include "../plugin/plugin_library.hpp"

namespace flowrun::core {

stage_code open_stage_code(const checked_graph& graph, const stage_catalog& catalog) {
  stage_code code;
  for (const checked_stage& s : graph.stages) {
    if (const in_process_stage* own = catalog.find_in_process(s.manifest.use())) {
      code.stages.push_back(&own->info);
      continue;
    }
    const catalog_plugin* plugin = catalog.find_plugin(s.manifest.plugin);
    const plugin_library& library = open_plugin(plugin->library);
    const stage_info* found = library.find(s.manifest.name);
    // The sidecar was read instead of the library so far; here they must say the same.
    if (!found || found->params.size() != s.manifest.params.size() ||
        found->inputs.size() != s.manifest.inputs.size() || found->outputs.size() != s.manifest.outputs.size())
      throw plugin_error("plugin " + plugin->library.string() + ": it is not what its sidecar says about " +
                         s.manifest.use() + "; rebuild it or run flowrun-describe on it");
    code.stages.push_back(found);
    if (library.process_setup) code.process_setups.push_back(library.process_setup);
  }
  return code;
}

}  // namespace flowrun::core
