#include "schema_text.hpp"

#include <nlohmann/json.hpp>
#include <stdexcept>

namespace flowrun::core {
namespace {

using nlohmann::json;

constexpr int max_depth = 64;
constexpr int kinds = static_cast<int>(value_kind::object) + 1;

json to_json(const schema& s) {
  json j;
  j["kind"] = kind_name(s.kind);
  if (!s.name.empty()) j["name"] = s.name;
  if (!s.doc.empty()) j["doc"] = s.doc;
  if (s.kind == value_kind::array) j["count"] = s.count;
  if (!s.children.empty()) {
    json& of = j["of"] = json::array();
    for (const schema& child : s.children) of.push_back(to_json(child));
  }
  return j;
}

value_kind kind_of(const std::string& name) {
  for (int k = 0; k < kinds; ++k)
    if (name == kind_name(static_cast<value_kind>(k))) return static_cast<value_kind>(k);
  throw std::runtime_error("a stored schema has the unknown kind '" + name + "'");
}

schema from_json(const json& j, int depth) {
  if (depth > max_depth) throw std::runtime_error("a stored schema is nested deeper than " + std::to_string(max_depth));
  schema s;
  s.kind = kind_of(j.at("kind").get<std::string>());
  s.name = j.value("name", "");
  s.doc = j.value("doc", "");
  s.count = j.value("count", std::uint32_t{0});
  if (j.contains("of"))
    for (const json& child : j.at("of")) s.children.push_back(from_json(child, depth + 1));
  bool one = s.kind == value_kind::list || s.kind == value_kind::array || s.kind == value_kind::optional;
  if (one ? s.children.size() != 1 : s.kind != value_kind::object && !s.children.empty())
    throw std::runtime_error(std::string("a stored schema has ") + std::to_string(s.children.size()) +
                             " elements in a " + kind_name(s.kind));
  return s;
}

}  // namespace

std::string write_schema(const schema& s) {
  return to_json(s).dump(-1, ' ', false, json::error_handler_t::replace);
}

schema read_schema(std::string_view text) {
  try {
    return from_json(json::parse(text), 0);
  } catch (const json::exception& e) {
    throw std::runtime_error(std::string("a stored schema is not readable: ") + e.what());
  }
}

}  // namespace flowrun::core
