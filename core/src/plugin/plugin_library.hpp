// An opened plugin. Libraries stay loaded until the process ends: objects and threads may still use their code.
#pragma once
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include <flowrun/abi.hpp>
#include <flowrun/backend.hpp>
#include <flowrun/process.hpp>
#include <flowrun/stage.hpp>

namespace flowrun::core {

// One sentence: the library, the cause, what would be right.
struct plugin_error : std::runtime_error {
  using std::runtime_error::runtime_error;
  plugin_error(const std::filesystem::path& library, const std::string& cause, bool is_loaded)
      : std::runtime_error("plugin " + library.string() + ": " + cause), why(cause), loaded(is_loaded) {}
  std::string why;     // without the library
  bool loaded = true;  // false: the system's loader did not take it
};

struct plugin_library {
  std::string name, version, compiler;
  std::vector<stage_info> stages;
  void (*process_setup)(const process_options&) = nullptr;  // optional
  const backend_entry* backend = nullptr;                   // optional

  const stage_info* find(const std::string& stage) const;
};

// Why a library with this stamp is not ours to call; empty: it is.
std::string refuse_stamp(const plugin_stamp& stamp);

// Opens with every symbol resolved, reads the stamp before any function is called, then asks for the stages.
// The same library is opened once per process. Throws plugin_error.
const plugin_library& open_plugin(const std::filesystem::path& library);

}  // namespace flowrun::core
