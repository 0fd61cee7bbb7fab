#include "catalog_json.hpp"

#include <nlohmann/json.hpp>

#include "../graph/stage_keys.hpp"
#include "param_text.hpp"

namespace flowrun::core {

namespace {

using json = nlohmann::ordered_json;

// In the words of the messages, so that nobody has to put the numbers together again.
void add_texts(json& param, const param_manifest& p) {
  param["text"] = describe_param(p);
  param["value_text"] = describe_value(p);
  param["default_text"] = write_value(p.default_value);
}

// The keys a graph may give the stage.
json list_keys(const stage_manifest& stage) {
  json keys = json::array();
  for (const stage_key& key : stage_keys())
    if (key.shapes & shape_bit(stage.shape) && !(stage.serial && key.not_serial)) keys.push_back(key.name);
  return keys;
}

}  // namespace

std::string write_catalog(const stage_catalog& catalog) {
  json all = {{"plugins", json::array()}, {"failures", json::array()}, {"searched", json::array()}};
  for (const catalog_plugin& p : catalog.plugins) {
    json one = json::parse(write_manifest(p.manifest));
    for (std::size_t s = 0; s < p.manifest.stages.size(); ++s) {
      const stage_manifest& stage = p.manifest.stages[s];
      for (std::size_t i = 0; i < stage.params.size(); ++i) add_texts(one["stages"][s]["params"][i], stage.params[i]);
      one["stages"][s]["keys"] = list_keys(stage);
    }
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
