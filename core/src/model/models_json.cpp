#include "models_json.hpp"

#include <nlohmann/json.hpp>

namespace flowrun::core {

namespace {

using json = nlohmann::ordered_json;

// As the model file writes it: 224, "1..512".
json write(const dimension& d) {
  if (d.low == d.high) return d.low;
  return std::to_string(d.low) + ".." + std::to_string(d.high);
}

json write(const std::vector<model_port>& ports) {
  json all = json::array();
  for (const model_port& p : ports) {
    json shape = json::array();
    for (const dimension& d : p.shape) shape.push_back(write(d));
    all.push_back({{"name", p.name}, {"dtype", dtype_name(p.type)}, {"shape", shape}});
    if (!p.buckets.empty()) all.back()["buckets"] = p.buckets;
  }
  return all;
}

json write(const model_variant& v) {
  json one = {{"backend", v.backend}, {"for", v.target}, {"path", v.path}, {"sha256", v.sha256}};
  if (!v.precisions.empty()) one["precision"] = v.precisions;
  if (!v.torch.empty()) one["torch"] = v.torch;
  if (v.batch_high > 0) one["batch"] = {v.batch_low, v.batch_high};
  return one;
}

json write(const model_file& m) {
  json one = {{"name", m.name},
              {"task", m.task},
              {"file", m.file},
              {"doc", m.doc},
              {"licence", m.licence},
              {"origin", m.origin},
              {"inputs", write(m.inputs)},
              {"outputs", write(m.outputs)},
              {"labels", m.labels.size()},
              {"variants", json::array()}};
  for (const model_variant& v : m.variants) one["variants"].push_back(write(v));
  if (m.needs.known)
    one["needs"] = {{"resident", m.needs.resident}, {"per_row", m.needs.per_row}, {"fixed", m.needs.fixed}};
  else
    one["needs"] = nullptr;
  return one;
}

}  // namespace

std::string write_models(const model_catalog& catalog) {
  json all = {{"models", json::array()}, {"refused", json::array()}, {"searched", json::array()}};
  for (const model_file& m : catalog.models) all["models"].push_back(write(m));
  for (const refused_model& r : catalog.refused)
    all["refused"].push_back({{"file", r.file.string()}, {"reason", r.reason}});
  for (const std::string& folder : catalog.folders) all["searched"].push_back(folder);
  return all.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace flowrun::core
