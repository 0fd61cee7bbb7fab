// Stage keys against the table of keys, params against the stage's own.
#include "../plugin/bind_params.hpp"
#include "check_state.hpp"
#include "stage_keys.hpp"
#include "yaml_values.hpp"

namespace flowrun::core {

namespace {

// Whether the stage takes the key; says why not.
bool check_shape(const stage_state& s, const stage_key& key, const yaml_node& name, const yaml_node& value,
                 problem_sink& out) {
  const bool one_at_a_time = std::string("parallel") == key.name && to_integer(value) == 1;
  if (one_at_a_time) return true;  // true of every stage that takes no other number
  const stage_manifest& m = *s.manifest;
  if (!(key.shapes & shape_bit(m.shape))) {
    out.error("key_not_for_shape", name.at,
              "'" + name.text + "' is for " + list_shapes(key.shapes) + "; " + s.spec->name + " is a " +
                  shape_name(m.shape) + " (" + m.use() + ")");
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
  if (key.value == key_value::integer) {
    const auto n = to_integer(value);
    fits = n && *n >= key.low && *n <= key.high;
  } else if (value.is == yaml_node::kind::scalar) {
    fits = value.text == key.choice_a || value.text == key.choice_b;
  }
  if (!fits)
    out.error("stage_setting", value.at, name + " must be " + with_article(key.type) + ", but is " + show(value));
  return fits;
}

void take(const stage_key& key, const yaml_node& value, checked_stage& settings) {
  const std::string name = key.name;
  if (name == "parallel") settings.parallel = static_cast<int>(*to_integer(value));
  if (name == "retries") settings.retries = static_cast<int>(*to_integer(value));
  if (name == "on_error") settings.error_rule = value.text == "stop" ? on_error::stop : on_error::keep_going;
  if (name == "order") settings.keep_order = value.text == "keep";
}

}  // namespace

void check_settings(graph_state& g) {
  for (stage_state& s : g.stages) {
    if (!s.manifest) continue;
    s.settings.error_rule = g.run.error_rule;
    for (const auto& entry : s.spec->keys) {
      const stage_key* key = find_stage_key(entry.first.text);
      if (!key || entry.second.faulty || !check_shape(s, *key, entry.first, entry.second, g.out)) continue;
      if (check_value(*key, entry.second, g.out)) take(*key, entry.second, s.settings);
    }
    const position at = is_given(s.spec->params_at) ? s.spec->params_at : s.spec->at;
    s.settings.params = bind_params(*s.manifest, s.spec->name, at, s.spec->params, s.spec->whole, g.out);
  }
}

}  // namespace flowrun::core
