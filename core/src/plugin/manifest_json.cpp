#include <charconv>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "manifest.hpp"

namespace flowrun::core {

namespace {

using nlohmann::json;
constexpr int format_version = 1;
constexpr int deepest_schema = 64;

json write(const schema& s) {
  json j = {{"kind", kind_name(s.kind)}};
  if (!s.name.empty()) j["name"] = s.name;
  if (!s.doc.empty()) j["doc"] = s.doc;
  if (s.count) j["count"] = s.count;
  for (const schema& child : s.children) j["children"].push_back(write(child));
  return j;
}

schema read_schema(const json& j, int depth = 0) {
  if (depth > deepest_schema) throw std::runtime_error("a schema is nested too deeply");
  schema s;
  const auto kind = j.at("kind").get<std::string>();
  int k = 0;
  while (k <= static_cast<int>(value_kind::object) && kind != kind_name(static_cast<value_kind>(k))) ++k;
  if (k > static_cast<int>(value_kind::object)) throw std::runtime_error("unknown kind of value '" + kind + "'");
  s.kind = static_cast<value_kind>(k);
  s.name = j.value("name", "");
  s.doc = j.value("doc", "");
  s.count = j.value("count", 0U);
  if (j.contains("children"))
    for (const json& child : j.at("children")) s.children.push_back(read_schema(child, depth + 1));
  return s;
}

// 64-bit numbers as text: not every JSON reader keeps them exact.
json write(const type_manifest& t) {
  return {{"name", t.name},
          {"size", t.size},
          {"fields_hash", std::to_string(t.fields_hash)},
          {"fields", write(t.fields)},
          {"content", t.has_content}};
}

type_manifest read_type(const json& j) {
  type_manifest t;
  t.name = j.at("name").get<std::string>();
  t.size = j.at("size").get<std::uint64_t>();
  const auto hash = j.at("fields_hash").get<std::string>();
  const auto [end, error] = std::from_chars(hash.data(), hash.data() + hash.size(), t.fields_hash);
  if (error != std::errc() || end != hash.data() + hash.size()) throw std::runtime_error("fields_hash is no number");
  t.fields = read_schema(j.at("fields"));
  t.has_content = j.value("content", false);
  return t;
}

param_value read_value(param_type type, const json& j) {
  switch (type) {
    case param_type::boolean:
      return j.get<bool>();
    case param_type::integer:
      return j.get<std::int64_t>();
    case param_type::number:
      return j.get<double>();
    case param_type::text:
      return j.get<std::string>();
    case param_type::texts:
      return j.get<std::vector<std::string>>();
    case param_type::numbers:
      return j.get<std::vector<double>>();
  }
  return {};
}

json write(const param_manifest& p) {
  json j = {{"name", p.name},         {"doc", p.doc},         {"type", param_type_name(p.type)},
            {"required", p.required}, {"listing", p.listing}, {"spacing", p.spacing}};
  if (p.content) j["content"] = true;
  if (!p.unit.empty()) j["unit"] = p.unit;
  if (p.low) j["low"] = *p.low;
  if (p.high) j["high"] = *p.high;
  if (!p.choices.empty()) j["choices"] = p.choices;
  j["default"] = std::visit([](const auto& v) { return json(v); }, p.default_value);
  return j;
}

param_manifest read_param(const json& j) {
  param_manifest p;
  p.name = j.at("name").get<std::string>();
  p.doc = j.value("doc", "");
  p.unit = j.value("unit", "");
  const auto type = j.at("type").get<std::string>();
  int t = 0;
  while (t <= static_cast<int>(param_type::numbers) && type != param_type_name(static_cast<param_type>(t))) ++t;
  if (t > static_cast<int>(param_type::numbers)) throw std::runtime_error("unknown type of param '" + type + "'");
  p.type = static_cast<param_type>(t);
  if (j.contains("low")) p.low = j.at("low").get<double>();
  if (j.contains("high")) p.high = j.at("high").get<double>();
  if (j.contains("choices")) p.choices = j.at("choices").get<std::vector<std::string>>();
  p.required = j.at("required").get<bool>();
  p.listing = j.at("listing").get<bool>();
  p.spacing = j.value("spacing", false);
  p.content = j.value("content", false);
  p.default_value = read_value(p.type, j.at("default"));
  return p;
}

json write(const stage_manifest& s) {
  json j = {{"name", s.name},         {"doc", s.doc},
            {"version", s.version},   {"shape", shape_name(s.shape)},
            {"serial", s.serial},     {"temporal", s.temporal},
            {"parallel", s.parallel}, {"scope", s.span == scope::run ? "run" : "stream"}};
  for (const char* list : {"inputs", "outputs", "params"}) j[list] = json::array();
  for (const input_manifest& i : s.inputs)
    j["inputs"].push_back({{"name", i.name}, {"type", write(i.type)}, {"optional", i.optional}});
  for (const output_manifest& o : s.outputs)
    j["outputs"].push_back({{"name", o.name}, {"type", write(o.type)}, {"per_row", o.per_row}});
  for (const param_manifest& p : s.params) j["params"].push_back(write(p));
  for (const model_manifest& m : s.models)
    j["models"].push_back({{"name", m.name},
                           {"file", m.file},
                           {"task", m.task},
                           {"batch", m.batch},
                           {"images", m.images},
                           {"shapes", m.shapes}});
  if (s.starts) j["starts"] = true;
  return j;
}

stage_manifest read_stage(const std::string& plugin, const json& j) {
  stage_manifest s;
  s.plugin = plugin;
  s.name = j.at("name").get<std::string>();
  s.doc = j.value("doc", "");
  s.version = j.at("version").get<int>();
  const auto shape = j.at("shape").get<std::string>();
  int k = 0;
  while (k <= static_cast<int>(stage_shape::device) && shape != shape_name(static_cast<stage_shape>(k))) ++k;
  if (k > static_cast<int>(stage_shape::device)) throw std::runtime_error("unknown shape of stage '" + shape + "'");
  s.shape = static_cast<stage_shape>(k);
  s.serial = j.at("serial").get<bool>();
  s.span = j.at("scope").get<std::string>() == "run" ? scope::run : scope::stream;
  s.temporal = j.at("temporal").get<bool>();
  s.parallel = j.at("parallel").get<int>();
  s.starts = j.value("starts", false);
  for (const json& i : j.at("inputs"))
    s.inputs.push_back({i.at("name").get<std::string>(), read_type(i.at("type")), i.at("optional").get<bool>()});
  for (const json& o : j.at("outputs"))
    s.outputs.push_back({o.at("name").get<std::string>(), read_type(o.at("type")), o.at("per_row").get<bool>()});
  for (const json& p : j.at("params")) s.params.push_back(read_param(p));
  for (const json& m : j.value("models", json::array()))
    s.models.push_back({m.at("name").get<std::string>(), m.at("file").get<std::string>(),
                        m.at("task").get<std::string>(), m.at("batch").get<int>(), m.value("images", false),
                        m.value("shapes", false)});
  return s;
}

}  // namespace

std::string write_manifest(const plugin_manifest& m) {
  json j = {{"flowrun_plugin", format_version},
            {"name", m.name},
            {"version", m.version},
            {"compiler", m.compiler},
            {"sdk", {m.sdk_major, m.sdk_minor}},
            {"string_abi", m.string_abi},
            {"build_id", m.build_id},
            {"library", m.library},
            {"backend", m.backend},
            {"stages", json::array()}};
  for (const stage_manifest& s : m.stages) j["stages"].push_back(write(s));
  return j.dump(1, ' ', false, json::error_handler_t::replace) + "\n";
}

plugin_manifest read_manifest(const std::string& text) {
  try {
    const json j = json::parse(text);
    if (j.at("flowrun_plugin").get<int>() != format_version)
      throw std::runtime_error("it has format " + j.at("flowrun_plugin").dump() + ", this version reads format 1");
    plugin_manifest m;
    m.name = j.at("name").get<std::string>();
    m.version = j.at("version").get<std::string>();
    m.compiler = j.at("compiler").get<std::string>();
    m.sdk_major = j.at("sdk").at(0).get<std::uint32_t>();
    m.sdk_minor = j.at("sdk").at(1).get<std::uint32_t>();
    m.string_abi = j.at("string_abi").get<std::uint32_t>();
    m.build_id = j.at("build_id").get<std::string>();
    m.library = j.at("library").get<std::string>();
    m.backend = j.value("backend", "");
    for (const json& s : j.at("stages")) m.stages.push_back(read_stage(m.name, s));
    return m;
  } catch (const json::exception& e) {
    throw std::runtime_error(std::string("not a plugin's description that this version reads (") + e.what() +
                             "); rebuild the plugin or run flowrun-describe on it");
  }
}

}  // namespace flowrun::core
