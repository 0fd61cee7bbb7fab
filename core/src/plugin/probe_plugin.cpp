#include <flowrun/probe_plugin.hpp>

#include "manifest.hpp"
#include "plugin_library.hpp"

namespace flowrun {

using namespace core;

probed_plugin probe_plugin(const std::filesystem::path& library) {
  probed_plugin p;
  try {
    const plugin_library& opened = open_plugin(library);
    p.loaded = true;
    p.name = opened.name;
    p.version = opened.version;
    p.compiler = opened.compiler;
    if (opened.backend) p.backend = opened.backend->name;
    for (const stage_info& stage : opened.stages) {
      p.stages.push_back(stage.name);
      const auto faults = find_faults(make_manifest(opened.name, stage));
      if (!faults.empty() && p.reason.empty()) p.reason = faults.front();
    }
  } catch (const plugin_error& e) {
    p.loaded = e.loaded;
    p.reason = e.why;
  } catch (const std::exception& e) {
    p.reason = e.what();
  }
  return p;
}

}  // namespace flowrun
