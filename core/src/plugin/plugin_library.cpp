#include "plugin_library.hpp"

#include <boost/dll/shared_library.hpp>
#include <map>
#include <memory>
#include <mutex>

#include "library_needs.hpp"

namespace flowrun::core {

const stage_info* plugin_library::find(const std::string& stage) const {
  for (const stage_info& s : stages)
    if (s.name == stage) return &s;
  return nullptr;
}

std::string refuse_stamp(const plugin_stamp& s) {
  if (s.magic != stamp_magic)
    return "its flowrun_plugin is not a plugin's stamp; end the plugin's file with FLOWRUN_PLUGIN(...)";
  if (s.struct_size < sizeof(plugin_stamp))
    return "its stamp has " + std::to_string(s.struct_size) + " bytes, this flowrun reads " +
           std::to_string(sizeof(plugin_stamp)) + "; rebuild it against this SDK";
  if (s.sdk_major != sdk_major || s.sdk_minor != sdk_minor)
    return "it was built with SDK " + std::to_string(s.sdk_major) + "." + std::to_string(s.sdk_minor) +
           ", this flowrun has " + std::to_string(sdk_major) + "." + std::to_string(sdk_minor) + "; rebuild it";
  if (s.layout != layout_number)
    return "it was built with other SDK headers of version " + std::to_string(sdk_major) + "." +
           std::to_string(sdk_minor) + " than this flowrun; rebuild it";
  if (s.string_abi != string_abi)
    return "it was built with _GLIBCXX_USE_CXX11_ABI=" + std::to_string(s.string_abi) + ", this flowrun with " +
           std::to_string(string_abi) + "; rebuild it with the same";
  return {};
}

// boost::dll repeats the path in its text and wraps the loader's own sentence; the loader's sentence is the useful
// part.
static std::string loader_reason(const std::string& text, const std::string& path) {
  std::size_t at = text.find(path + ": ");
  std::string reason = at == std::string::npos ? text : text.substr(at + path.size() + 2);
  std::size_t tail = reason.rfind("): ");
  if (tail != std::string::npos) reason.resize(tail);
  if (reason.find("undefined symbol") != std::string::npos)
    reason += "; link the library that has it (flowrun_add_plugin would have refused this at the link)";
  return reason;
}

static std::unique_ptr<plugin_library> open_once(const std::filesystem::path& path) {
  namespace dll = boost::dll;
  auto fail = [&path](const std::string& why) { return plugin_error(path, why, true); };
  std::string rival = find_rival(path);
  if (!rival.empty()) throw plugin_error(path, rival, false);
  auto library = std::make_unique<dll::shared_library>();
  try {
    library->load(path, dll::load_mode::rtld_now | dll::load_mode::rtld_local);
  } catch (const std::exception& e) {
    throw plugin_error(path, loader_reason(e.what(), path.string()), false);
  }
  // From here on its code may be in use: never closed, not at the process's end either.
  static auto& kept = *new std::vector<std::unique_ptr<dll::shared_library>>;
  kept.push_back(std::move(library));
  dll::shared_library& opened = *kept.back();
  if (!opened.has("flowrun_plugin"))
    throw fail("it exports no flowrun_plugin; end the plugin's file with FLOWRUN_PLUGIN(...)");
  const auto& stamp = opened.get<const plugin_stamp>("flowrun_plugin");
  std::string refused = refuse_stamp(stamp);
  if (!refused.empty()) throw fail(refused);
  auto result = std::make_unique<plugin_library>();
  result->name = stamp.name;
  result->version = stamp.version;
  result->compiler = stamp.compiler;
  try {
    result->stages = stamp.stages();
  } catch (const std::exception& e) {
    throw fail(std::string("describe() or a stage's constructor threw: ") + e.what());
  } catch (...) {
    throw fail("describe() or a stage's constructor threw something that is not a std::exception");
  }
  if (opened.has("flowrun_backend")) {
    const auto& entry = opened.get<const backend_entry>("flowrun_backend");
    if (entry.magic != backend_magic || entry.struct_size < sizeof(backend_entry))
      throw fail("its flowrun_backend is not a backend of this SDK; use FLOWRUN_BACKEND(...) and rebuild it");
    result->backend = &entry;
  }
  if (opened.has("flowrun_process_setup"))
    result->process_setup = &opened.get<void(const process_options&)>("flowrun_process_setup");
  return result;
}

const plugin_library& open_plugin(const std::filesystem::path& path) {
  static std::mutex mutex;
  // Never destroyed: plugins outlive main's end.
  static auto& opened = *new std::map<std::filesystem::path, std::unique_ptr<plugin_library>>;
  std::lock_guard lock(mutex);
  std::filesystem::path key = std::filesystem::absolute(path).lexically_normal();
  auto& entry = opened[key];
  if (!entry) entry = open_once(key);
  return *entry;
}

}  // namespace flowrun::core
