#include "bind_params.hpp"

#include <optional>

#include "../graph/nearest_name.hpp"
#include "../graph/yaml_values.hpp"
#include "param_text.hpp"

namespace flowrun::core {

namespace {

std::optional<std::string> to_text_value(const yaml_node& n) {
  if (n.is != yaml_node::kind::scalar) return std::nullopt;
  return n.text;
}

template <class T> std::optional<param_value> wrap(const std::optional<T>& v) {
  if (!v) return std::nullopt;
  return param_value(*v);
}

template <class T, class F> std::optional<param_value> wrap_list(const yaml_node& n, F convert) {
  if (n.is != yaml_node::kind::list) return std::nullopt;
  std::vector<T> list;
  for (const yaml_node& item : n.items) {
    const auto v = convert(item);
    if (!v) return std::nullopt;
    list.push_back(*v);
  }
  return param_value(std::move(list));
}

std::optional<param_value> convert(param_type type, const yaml_node& n) {
  switch (type) {
    case param_type::boolean:
      return wrap(to_boolean(n));
    case param_type::integer:
      return wrap(to_integer(n));
    case param_type::number:
      return wrap(to_number(n));
    case param_type::text:
      return wrap(to_text_value(n));
    case param_type::texts:
      return wrap_list<std::string>(n, to_text_value);
    case param_type::numbers:
      return wrap_list<double>(n, to_number);
  }
  return std::nullopt;
}

// The entry that keeps a list from being of its type; null: it is not even a list.
const yaml_node* find_wrong_item(param_type type, const yaml_node& n) {
  const param_type item = type == param_type::texts ? param_type::text : param_type::number;
  if (n.is != yaml_node::kind::list || (type != param_type::texts && type != param_type::numbers)) return nullptr;
  for (const yaml_node& i : n.items)
    if (!convert(item, i)) return &i;
  return nullptr;
}

std::optional<param_value> bind(const stage_manifest& manifest, const param_manifest& p, const yaml_node& n,
                                problem_sink& out) {
  if (n.faulty) return std::nullopt;
  const std::string what = "'" + p.name + "' of " + manifest.use() + " ";
  if (n.is == yaml_node::kind::null) {
    out.error("missing_value", n.at, what + "has no value; it must be " + needed_value(p));
    return std::nullopt;
  }
  auto value = convert(p.type, n);
  if (!value) {
    const yaml_node* wrong = find_wrong_item(p.type, n);
    const std::string verb = wrong ? "holds " : "is ";
    if (!wrong) wrong = &n;
    out.error("param_type", wrong->at, what + verb + show(*wrong) + ", but must be " + needed_value(p));
    return std::nullopt;
  }
  const std::string fault = find_value_fault(p, *value);
  if (fault.empty()) return value;
  const auto* text = std::get_if<std::string>(&*value);
  out.error(text ? "param_choice" : "param_range", n.at,
            what + fault + (text ? did_you_mean(*text, p.choices) : std::string()));
  return std::nullopt;
}

void refuse(const stage_manifest& manifest, const yaml_node& name, problem_sink& out) {
  std::vector<std::string> names, described;
  for (const param_manifest& p : manifest.params) {
    names.push_back(p.name);
    described.push_back(describe_param(p));
  }
  out.error("unknown_param", name.at,
            "'" + name.text + "' is not a parameter of " + manifest.use() +
                (names.empty() ? "; it has none" : "; it has: " + list_names(described)) +
                did_you_mean(name.text, names));
}

}  // namespace

std::vector<param_value> bind_params(const stage_manifest& manifest, const std::string& stage, position at,
                                     const yaml_entries& given, bool whole, problem_sink& out) {
  std::vector<param_value> values;
  std::vector<bool> set(manifest.params.size(), false);
  for (const param_manifest& p : manifest.params) values.push_back(p.default_value);
  for (const auto& entry : given) {
    std::size_t i = 0;
    while (i < manifest.params.size() && manifest.params[i].name != entry.first.text) ++i;
    if (i == manifest.params.size()) {
      refuse(manifest, entry.first, out);
      whole = false;
      continue;
    }
    set[i] = true;
    if (auto value = bind(manifest, manifest.params[i], entry.second, out)) values[i] = std::move(*value);
  }
  for (std::size_t i = 0; whole && i < set.size(); ++i)
    if (manifest.params[i].required && !set[i])
      out.error(
          "missing_param", at,
          "stage '" + stage + "' (" + manifest.use() + ") needs the parameter " + describe_param(manifest.params[i]));
  return values;
}

}  // namespace flowrun::core
