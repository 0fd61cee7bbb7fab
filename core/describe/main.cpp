// flowrun-describe LIBRARY...: writes NAME.plugin.json beside each library, and refuses descriptions with faults.
#include <cstdio>
#include <exception>
#include <filesystem>

#include <flowrun/atomic_file.hpp>

#include "plugin/elf_build_id.hpp"
#include "plugin/manifest.hpp"
#include "plugin/plugin_library.hpp"

using namespace flowrun;

static int describe(const std::filesystem::path& library) {
  const core::plugin_library& opened = core::open_plugin(library);
  core::plugin_manifest m;
  m.name = opened.name;
  m.version = opened.version;
  m.compiler = opened.compiler;
  m.sdk_major = sdk_major;
  m.sdk_minor = sdk_minor;
  m.string_abi = string_abi;
  m.library = library.filename().string();
  if (opened.backend) m.backend = opened.backend->name;
  m.build_id = core::read_build_id(library);
  int faults = 0;
  for (const stage_info& stage : opened.stages) {
    m.stages.push_back(core::make_manifest(opened.name, stage));
    for (const std::string& fault : core::find_faults(m.stages.back())) {
      std::fprintf(stderr, "%s: %s\n", library.filename().c_str(), fault.c_str());
      ++faults;
    }
  }
  if (faults > 0) return 1;
  std::string json = core::write_manifest(m);
  std::filesystem::path sidecar = library.parent_path() / (opened.name + ".plugin.json");
  write_file_atomically(sidecar, json.data(), json.size());
  return 0;
}

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: flowrun-describe LIBRARY...\nexample: flowrun-describe build/plugins/basic.so\n");
    return 64;
  }
  int rc = 0;
  for (int i = 1; i < argc; ++i) {
    try {
      rc |= describe(argv[i]);
    } catch (const std::exception& e) {
      std::fprintf(stderr, "%s\n", e.what());
      rc = 1;
    }
  }
  return rc;
}
