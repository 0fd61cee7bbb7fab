#include "json_object.hpp"

#include <algorithm>

#include "key_text.hpp"
#include "value_json.hpp"

namespace flowrun::core {

void json_object::add_text(std::string_view key, std::string_view text) {
  std::string json;
  append_json_text(text, json);
  add(key, std::move(json));
}

std::string json_object::text() {
  if (sorted_) std::stable_sort(fields_.begin(), fields_.end());
  std::string out = "{";
  for (const auto& field : fields_) {
    if (out.size() > 1) out += ',';
    append_json_text(show_text(field.first), out);
    out += ':';
    out += field.second;
  }
  return out + "}";
}

}  // namespace flowrun::core
