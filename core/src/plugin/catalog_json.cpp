#include "catalog_json.hpp"

#include <nlohmann/json.hpp>

namespace flowrun::core {

std::string write_catalog(const stage_catalog& catalog) {
  using json = nlohmann::ordered_json;
  json all = {{"plugins", json::array()}, {"failures", json::array()}, {"searched", json::array()}};
  for (const catalog_plugin& p : catalog.plugins) {
    json one = json::parse(write_manifest(p.manifest));
    // In the words of the messages, so that nobody has to put the numbers together again.
    for (std::size_t s = 0; s < p.manifest.stages.size(); ++s)
      for (std::size_t i = 0; i < p.manifest.stages[s].params.size(); ++i)
        one["stages"][s]["params"][i]["text"] = describe_param(p.manifest.stages[s].params[i]);
    one["library"] = p.library.string();
    if (!p.hides.empty()) one["hides"] = p.hides.string();
    all["plugins"].push_back(std::move(one));
  }
  for (const catalog_failure& f : catalog.failures)
    all["failures"].push_back({{"plugin", f.plugin}, {"library", f.library.string()}, {"reason", f.reason}});
  for (const auto& folder : catalog.searched) all["searched"].push_back(folder.string());
  return all.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace flowrun::core
