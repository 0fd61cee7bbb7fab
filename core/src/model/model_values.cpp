#include "model_values.hpp"

#include <algorithm>

#include "graph/nearest_name.hpp"
#include "graph/yaml_values.hpp"

namespace flowrun::core {

void read_keys(const yaml_node& map, const std::string& what, const std::vector<map_key>& keys, problem_sink& out) {
  std::vector<std::string> names, meant;  // meant: by a misspelt key
  std::vector<bool> given(keys.size());
  for (const map_key& k : keys) names.push_back(k.name);
  for (const auto& [key, value] : map.entries) {
    const auto i = static_cast<std::size_t>(std::find(names.begin(), names.end(), key.text) - names.begin());
    if (i < keys.size()) {
      given[i] = true;
      keys[i].read(value);
      continue;
    }
    meant.push_back(nearest_name(key.text, names));
    out.error("unknown_key", key.at,
              "'" + key.text + "' is not a key of " + what + "; it has: " + list_names(names) +
                  did_you_mean(key.text, names));
  }
  for (std::size_t i = 0; i < keys.size(); ++i)
    if (keys[i].missing && !given[i] && std::find(meant.begin(), meant.end(), names[i]) == meant.end())
      out.error("missing_key", map.at, what + " has no '" + names[i] + "'; " + keys[i].missing);
}

void refuse(const yaml_node& value, const std::string& what, const std::string& must_be, problem_sink& out) {
  if (value.is == yaml_node::kind::null)
    out.error("missing_value", value.at, what + " has no value; it must be " + must_be);
  else
    out.error("wrong_value", value.at, what + " must be " + must_be + ", but is " + show(value));
}

bool expect_list(const yaml_node& value, const std::string& what, problem_sink& out) {
  if (value.is == yaml_node::kind::list) return true;
  refuse(value, what, "a list", out);
  return false;
}

bool read_line(const yaml_node& value, const std::string& what, std::string& to, problem_sink& out) {
  if (!expect_text(value, what, out)) return false;
  const bool plain = std::none_of(value.text.begin(), value.text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
  });
  if (!plain) {
    out.error("wrong_value", value.at, what + " must be a text of one line, without control characters");
    return false;
  }
  to = value.text;
  return true;
}

bool read_name(const yaml_node& value, const std::string& what, std::string& to, problem_sink& out) {
  if (!expect_text(value, what, out)) return false;
  if (!is_name(value.text)) {
    refuse(value, what, "letters, digits, _ and -, beginning with a letter", out);
    return false;
  }
  to = value.text;
  return true;
}

std::optional<std::int64_t> read_integer(const yaml_node& value, const std::string& what, std::int64_t low,
                                         std::int64_t high, problem_sink& out) {
  const auto n = to_integer(value);
  if (n && *n >= low && *n <= high) return n;
  refuse(value, what, "an int " + std::to_string(low) + ".." + std::to_string(high), out);
  return std::nullopt;
}

std::string one_of(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i)
    text += (i == 0 ? "" : i + 1 == names.size() ? " or " : ", ") + names[i];
  return text;
}

std::optional<std::size_t> find_choice(const yaml_node& value, const std::string& what,
                                       const std::vector<std::string>& names, problem_sink& out) {
  const bool text = value.is == yaml_node::kind::scalar;
  for (std::size_t i = 0; text && i < names.size(); ++i)
    if (value.text == names[i]) return i;
  if (text && !value.text.empty())
    out.error("wrong_value", value.at,
              what + " must be " + one_of(names) + ", but is " + show(value) + did_you_mean(value.text, names));
  else
    refuse(value, what, one_of(names), out);
  return std::nullopt;
}

}  // namespace flowrun::core
