#include "stage_catalog.hpp"

#include <algorithm>
#include <flowrun/abi.hpp>
#include <fstream>
#include <set>
#include <sstream>
#include <stdexcept>

#include "elf_build_id.hpp"

namespace flowrun::core {

namespace fs = std::filesystem;

const catalog_plugin* stage_catalog::find_plugin(const std::string& name) const {
  for (const catalog_plugin& p : plugins)
    if (p.manifest.name == name) return &p;
  return nullptr;
}

const catalog_plugin* stage_catalog::find_backend(const std::string& name) const {
  for (const catalog_plugin& p : plugins)
    if (p.manifest.backend == name) return &p;
  return nullptr;
}

const stage_manifest* stage_catalog::find(const std::string& use) const {
  for (const catalog_plugin& p : plugins)
    for (const stage_manifest& s : p.manifest.stages)
      if (s.use() == use) return &s;
  return nullptr;
}

namespace {

constexpr const char* sidecar_ending = ".plugin.json";

// media: of libflowrun_media.so, libmedia.so or media.so. Where a description has the library's whole name, that is it:
// library.so is no `rary`.
std::string plugin_name(const fs::path& library) {
  std::string name = library.stem().string();
  std::error_code error;
  if (fs::exists(library.parent_path() / (name + sidecar_ending), error)) return name;
  for (const char* prefix : {"lib", "flowrun_"}) {
    const std::string p = prefix;
    if (name.compare(0, p.size(), p) == 0 && name.size() > p.size()) name.erase(0, p.size());
  }
  return name;
}

std::vector<fs::path> list_libraries(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error))
    if (it->path().extension() == ".so" && it->is_regular_file(error)) found.push_back(it->path());
  std::sort(found.begin(), found.end());
  return found;
}

std::string read_text(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in)
    throw std::runtime_error("the description beside it, " + path.filename().string() +
                             ", is missing or unreadable; rebuild it or run flowrun-describe");
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::string version_text(std::uint32_t major, std::uint32_t minor) {
  return std::to_string(major) + "." + std::to_string(minor);
}

// What keeps this library from being used; throws it as one sentence.
plugin_manifest read_sidecar(const fs::path& library) {
  const fs::path sidecar = library.parent_path() / (plugin_name(library) + sidecar_ending);
  const std::string name = sidecar.filename().string();
  plugin_manifest m;
  const std::string text = read_text(sidecar);
  try {
    m = read_manifest(text);
  } catch (const std::runtime_error& e) {
    throw std::runtime_error(name + ": " + e.what());
  }
  if (m.library != library.filename().string())
    throw std::runtime_error(name + " describes " + m.library + ", not " + library.filename().string());
  if (m.sdk_major != sdk_major || m.sdk_minor != sdk_minor)
    throw std::runtime_error("built with flowrun SDK " + version_text(m.sdk_major, m.sdk_minor) + ", but this is " +
                             version_text(sdk_major, sdk_minor) + "; rebuild it");
  if (m.string_abi != string_abi)
    throw std::runtime_error("built with _GLIBCXX_USE_CXX11_ABI=" + std::to_string(m.string_abi) + ", but this is " +
                             std::to_string(string_abi) + "; rebuild it");
  const std::string build_id = read_build_id(library);
  if (build_id != m.build_id)
    throw std::runtime_error("stale sidecar: " + name + " was made from build " +
                             (m.build_id.empty() ? "(none)" : m.build_id) + ", but the library is build " +
                             (build_id.empty() ? "(none)" : build_id) + "; rebuild it or run flowrun-describe");
  for (const stage_manifest& s : m.stages) {
    const auto faults = find_faults(s);
    if (!faults.empty()) throw std::runtime_error(name + ": " + faults.front());
  }
  return m;
}

class catalog_reader {
 public:
  void read_folder(const fs::path& folder) {
    std::error_code error;
    if (!fs::is_directory(folder, error) || !folders_.insert(fs::weakly_canonical(folder, error)).second) return;
    catalog.searched.push_back(folder);
    std::vector<catalog_plugin> offers;
    std::set<std::string> blocked;
    for (const fs::path& library : list_libraries(folder)) {
      try {
        catalog_plugin p;
        p.manifest = read_sidecar(library);
        p.library = library;
        offers.push_back(std::move(p));
      } catch (const std::exception& e) {
        // A broken plugin still stands for its name: to use another one from a later folder would be a surprise.
        fail(plugin_name(library), library, e.what());
        blocked.insert(plugin_name(library));
      }
    }
    refuse_twins(offers, blocked);
    for (catalog_plugin& p : offers) take(std::move(p));
    taken_.insert(blocked.begin(), blocked.end());
  }

  stage_catalog catalog;

 private:
  void fail(const std::string& plugin, const fs::path& library, const std::string& reason) {
    catalog.failures.push_back({plugin, library, reason});
  }

  void refuse_twins(std::vector<catalog_plugin>& offers, std::set<std::string>& blocked) {
    std::set<std::string> twins;
    for (const catalog_plugin& p : offers)
      for (const catalog_plugin& other : offers)
        if (&p != &other && p.manifest.name == other.manifest.name && twins.insert(p.manifest.name).second)
          fail(p.manifest.name, p.library,
               "two libraries of one folder offer the plugin '" + p.manifest.name + "': " +
                   p.library.filename().string() + " and " + other.library.filename().string() + "; remove one");
    offers.erase(std::remove_if(offers.begin(), offers.end(),
                                [&twins](const catalog_plugin& p) { return twins.count(p.manifest.name) > 0; }),
                 offers.end());
    blocked.insert(twins.begin(), twins.end());
  }

  void take(catalog_plugin p) {
    if (taken_.insert(p.manifest.name).second) {
      catalog.plugins.push_back(std::move(p));
      return;
    }
    for (catalog_plugin& winner : catalog.plugins)
      if (winner.manifest.name == p.manifest.name && winner.hides.empty()) winner.hides = p.library;
  }

  std::set<fs::path> folders_;
  std::set<std::string> taken_;
};

}  // namespace

stage_catalog read_catalog(const std::vector<fs::path>& folders) {
  catalog_reader reader;
  for (const fs::path& folder : folders) reader.read_folder(folder);
  std::sort(reader.catalog.plugins.begin(), reader.catalog.plugins.end(),
            [](const catalog_plugin& a, const catalog_plugin& b) { return a.manifest.name < b.manifest.name; });
  return std::move(reader.catalog);
}

}  // namespace flowrun::core
