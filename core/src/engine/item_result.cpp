#include <flowrun/item_result.hpp>
#include <stdexcept>

#include "../store/value_json.hpp"
#include "result_layout.hpp"

namespace flowrun {

const char* to_text(result_status s) {
  constexpr const char* texts[] = {"done", "skipped", "failed", "cancelled"};
  return texts[static_cast<std::size_t>(s)];
}

static const core::result_layout& require(const std::shared_ptr<const core::result_layout>& layout) {
  if (!layout) throw std::logic_error("this result is of no run: it holds no values");
  return *layout;
}

// Type names are equal where two builds of one type differ.
static std::string describe_type(const type_info& t) {
  return t.name + " of " + std::to_string(t.size) + " bytes";
}

std::shared_ptr<const void> item_result::find(std::string_view value, const type_info& wanted) const {
  const std::size_t i = require(layout_).find(value);
  const type_info& held = *layout_->values[i].type;
  if (held.name != wanted.name)
    throw std::logic_error("'" + std::string(value) + "' is a " + held.name + ", not a " + wanted.name);
  if (held.size != wanted.size || held.fields_hash != wanted.fields_hash)
    throw std::logic_error("'" + std::string(value) + "' is a " + describe_type(held) +
                           ", but the host was built with " + describe_type(wanted) +
                           (held.size == wanted.size ? " and other fields" : "") + "; build both with the same header");
  return values_.empty() ? nullptr : values_[i].value;
}

std::string item_result::json(std::string_view value) const {
  const std::size_t i = require(layout_).find(value);
  const type_info& type = *layout_->values[i].type;
  if (!type.encode)
    throw std::logic_error("'" + std::string(value) + "' is a " + type.name + ", which declares no fields; use get()");
  if (values_.empty() || !values_[i].value) return "null";
  std::string blob, text;
  type.encode(values_[i].value.get(), blob);
  core::append_json_value(type.fields, blob, false, text);
  return text;
}

std::string item_result::why(std::string_view value) const {
  const std::size_t i = require(layout_).find(value);
  return missing_.empty() ? "" : missing_[i];
}

std::vector<std::string> item_result::names() const {
  std::vector<std::string> all;
  if (layout_)
    for (const auto& v : layout_->values) all.push_back(v.stage + "." + v.port);
  return all;
}

}  // namespace flowrun
