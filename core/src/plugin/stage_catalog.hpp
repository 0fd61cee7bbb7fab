// All stages the search path offers, read from the sidecar files; no library is opened for it.
#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <flowrun/in_process_stage.hpp>

#include "manifest.hpp"

namespace flowrun::core {

struct catalog_plugin {
  plugin_manifest manifest;
  std::filesystem::path library;  // empty: the stages were registered by the host itself
  std::filesystem::path hides;    // a library of the same name in a later folder
};

struct catalog_failure {
  std::string plugin;  // by its file name
  std::filesystem::path library;
  std::string reason;  // one sentence
};

struct stage_catalog {
  std::vector<catalog_plugin> plugins;    // in order of name
  std::vector<catalog_failure> failures;  // told again by "unknown stage"
  std::vector<std::filesystem::path> searched;
  std::vector<in_process_stage> in_process;  // of the plugin `host`

  // By "plugin.stage"; null when there is none.
  const stage_manifest* find(const std::string& use) const;
  const catalog_plugin* find_plugin(const std::string& name) const;
  // The plugin that offers the backend of that name.
  const catalog_plugin* find_backend(const std::string& name) const;
  // The program's own stage "host.NAME"; null when there is none.
  const in_process_stage* find_in_process(const std::string& use) const;
};

// Folders in order of precedence: the earlier one wins. A folder that is not there is passed over.
stage_catalog read_catalog(const std::vector<std::filesystem::path>& folders);

// The program's own stages as the plugin `host`, before any library of that name.
void add_in_process(stage_catalog& catalog, const std::vector<in_process_stage>& stages);
// What is wrong with them, one sentence; empty: nothing.
std::string find_in_process_fault(const std::vector<in_process_stage>& stages);

}  // namespace flowrun::core
