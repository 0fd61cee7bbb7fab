// Stages that are part of the program itself, as a plugin like any other.
#include <algorithm>
#include <flowrun/abi.hpp>
#include <set>

#include "stage_catalog.hpp"

namespace flowrun::core {

static constexpr const char* plugin_name = "host";

const in_process_stage* stage_catalog::find_in_process(const std::string& use) const {
  const std::string prefix = std::string(plugin_name) + ".";
  for (const in_process_stage& s : in_process)
    if (use == prefix + s.info.name) return &s;
  return nullptr;
}

void add_in_process(stage_catalog& catalog, const std::vector<in_process_stage>& stages) {
  if (stages.empty()) return;
  catalog_plugin host;
  host.manifest.name = plugin_name;
  host.manifest.sdk_major = sdk_major;
  host.manifest.sdk_minor = sdk_minor;
  host.manifest.string_abi = string_abi;
  for (const in_process_stage& s : stages) host.manifest.stages.push_back(make_manifest(plugin_name, s.info));
  auto& plugins = catalog.plugins;
  auto at = std::find_if(plugins.begin(), plugins.end(),
                         [](const catalog_plugin& p) { return p.manifest.name >= plugin_name; });
  if (at != plugins.end() && at->manifest.name == plugin_name) {
    host.hides = at->library;
    *at = std::move(host);
  } else {
    plugins.insert(at, std::move(host));
  }
  catalog.in_process = stages;
}

std::string find_in_process_fault(const std::vector<in_process_stage>& stages) {
  std::set<std::string> names;
  for (const in_process_stage& s : stages) {
    const auto faults = find_faults(make_manifest(plugin_name, s.info));
    if (!faults.empty()) return faults.front();
    if (!names.insert(s.info.name).second) return "two of its stages are named '" + s.info.name + "'";
  }
  return "";
}

}  // namespace flowrun::core
