#include "open_backend.hpp"

#include "../model/opened_model.hpp"
#include "../plugin/plugin_library.hpp"

namespace flowrun::core {

std::unique_ptr<backend> open_backend(const stage_catalog& catalog, const model_file& m, const model_variant& v,
                                      const process_options* process) {
  const catalog_plugin* plugin = catalog.find_backend(v.backend);
  if (!plugin) {
    std::string known;
    for (const catalog_plugin& p : catalog.plugins)
      if (!p.manifest.backend.empty()) known += (known.empty() ? "" : ", ") + p.manifest.backend;
    throw model_error("model '" + m.name + "' (" + m.file + "): no plugin offers the backend '" + v.backend +
                      "'; there is: " + (known.empty() ? "none" : known));
  }
  const plugin_library& library = open_plugin(plugin->library);
  if (!library.backend)
    throw plugin_error("plugin " + plugin->library.string() +
                       ": its sidecar speaks of a backend it has not; rebuild it or run flowrun-describe on it");
  if (process && library.process_setup) library.process_setup(*process);
  return library.backend->make();
}

}  // namespace flowrun::core
