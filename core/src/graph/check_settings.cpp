// Stage keys against the table of keys, params against the stage's own.
#include <algorithm>
#include <set>

#include "../plugin/bind_params.hpp"
#include "check_state.hpp"
#include "stage_keys.hpp"
#include "yaml_values.hpp"

namespace flowrun::core {

namespace {

// Whether the stage takes the key; says why not.
bool check_shape(const stage_draft& s, const stage_key& key, const yaml_node& name, const yaml_node& value,
                 problem_sink& out) {
  const bool one_at_a_time = std::string("parallel") == key.name && to_integer(value) == 1;
  if (one_at_a_time) return true;  // true of every stage that takes no other number
  const stage_manifest& m = *s.manifest;
  if (!(key.shapes & shape_bit(m.shape))) {
    const bool device = m.shape == stage_shape::device;
    const bool rows = device && std::string("batch") == key.name;
    out.error("key_not_for_shape", name.at,
              "'" + name.text + "' is for " + list_shapes(key.shapes) + "; " + s.spec->name + " is a " +
                  shape_name(m.shape) + (device ? " stage" : "") + " (" + m.use() + ")" +
                  (rows ? ", whose code decides how many rows each of its calls has; leave it out" : ""));
    return false;
  }
  if (m.serial && key.not_serial) {
    out.error("key_not_for_serial", name.at, "'" + name.text + "' is not for " + stage_text(s) + ": " + key.not_serial);
    return false;
  }
  return true;
}

// "an int 1..8", "keep | any".
std::string with_article(const std::string& type) {
  return type.rfind("int", 0) == 0 ? "an " + type : type;
}

bool check_value(const stage_key& key, const yaml_node& value, problem_sink& out) {
  const std::string name = std::string("'") + key.name + "'";
  if (value.is == yaml_node::kind::null) {
    out.error("missing_value", value.at, name + " has no value; it must be " + with_article(key.type));
    return false;
  }
  bool fits = false;
  switch (key.value) {
    case key_value::integer: {
      const auto n = to_integer(value);
      fits = n && *n >= key.low && *n <= key.high;
      break;
    }
    case key_value::choice:
      fits = value.is == yaml_node::kind::scalar &&
             std::find(key.choices.begin(), key.choices.end(), value.text) != key.choices.end();
      break;
    case key_value::text:
      fits = value.is == yaml_node::kind::scalar && !value.text.empty();
      break;
    case key_value::boolean:
      fits = to_boolean(value).has_value();
      break;
    case key_value::bytes:
      fits = to_bytes(value).value_or(0) > 0;
      break;
    case key_value::structure:
      return true;  // read by a check of its own
  }
  if (!fits)
    out.error("stage_setting", value.at, name + " must be " + with_article(key.type) + ", but is " + show(value));
  return fits;
}

void take(const stage_key& key, const yaml_node& value, checked_stage& settings) {
  const std::string name = key.name;
  model_settings& model = settings.model;
  if (name == "parallel" || (name == "lanes" && settings.manifest.shape == stage_shape::source))
    settings.parallel = static_cast<int>(*to_integer(value));
  else if (name == "retries")
    settings.retries = static_cast<int>(*to_integer(value));
  else if (name == "cache")
    settings.cache = *to_boolean(value);
  else if (name == "every")
    settings.every = static_cast<std::uint64_t>(*to_integer(value));
  else if (name == "max_items")
    settings.max_items = static_cast<std::uint64_t>(*to_integer(value));
  else if (name == "on_error")
    settings.error_rule = value.text == "stop" ? on_error::stop : on_error::keep_going;
  else if (name == "order")
    settings.keep_order = value.text == "keep";
  else if (name == "batch")
    model.batch = static_cast<int>(*to_integer(value));
  else if (name == "lanes")
    model.lanes = static_cast<int>(*to_integer(value));
  else if (name == "precision")
    model.precision = value.text;
  else if (name == "device")
    model.device = value.text;
  else if (name == "pin")
    model.pin = *to_boolean(value);
  else if (name == "vram")
    model.vram = *to_bytes(value);
}

}  // namespace

namespace {

// What an override sets for all sources goes to those that have such a param; one at least must have it.
void take_for_sources(graph_state& g, stage_draft& s, std::set<std::string>& taken) {
  if (s.manifest->shape != stage_shape::source) return;
  for (const yaml_entry& entry : g.spec.of_sources) {
    const std::string& name = entry.first.text;
    const auto& params = s.manifest->params;
    if (std::none_of(params.begin(), params.end(), [&](const param_manifest& p) { return p.name == name; })) continue;
    taken.insert(name);
    put_entry(s.given.params, entry);
  }
}

void refuse_untaken(graph_state& g, const std::set<std::string>& taken) {
  for (const yaml_entry& entry : g.spec.of_sources)
    if (!taken.count(entry.first.text))
      g.out.error("unknown_override", entry.second.at,
                  "no source of this graph has the parameter '" + entry.first.text +
                      "'; leave it out, or set a parameter that `flowrun plugins inspect` shows");
}

}  // namespace

void check_settings(graph_state& g) {
  std::set<std::string> taken;
  bool all_known = true;
  for (stage_draft& s : g.stages) {
    all_known = all_known && s.manifest;
    if (!s.manifest) continue;
    s.settings.error_rule = g.run.error_rule;
    s.settings.manifest = *s.manifest;
    s.given = effective_keys(*s.spec, g.profiles, s.manifest->shape);
    take_for_sources(g, s, taken);
    for (const auto& entry : s.given.keys) {
      const stage_key* key = find_stage_key(entry.first.text);
      if (!key || entry.second.faulty || !check_shape(s, *key, entry.first, entry.second, g.out)) continue;
      if (check_value(*key, entry.second, g.out)) take(*key, entry.second, s.settings);
    }
    const position at = is_given(s.spec->params_at) ? s.spec->params_at : s.spec->at;
    s.settings.params = bind_params(*s.manifest, s.spec->name, at, s.given.params, s.spec->whole, g.out);
  }
  if (all_known) refuse_untaken(g, taken);
}

}  // namespace flowrun::core
