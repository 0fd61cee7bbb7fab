// A JSON object that is put together field by field.
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace flowrun::core {

// Fields stay in the order they are given, or are sorted by their names.
class json_object {
 public:
  explicit json_object(bool sorted) : sorted_(sorted) {}
  void add(std::string_view key, std::string json) { fields_.emplace_back(key, std::move(json)); }
  void add(std::string_view key, std::size_t number) { add(key, std::to_string(number)); }
  void add_text(std::string_view key, std::string_view text);  // UTF-8
  bool empty() const { return fields_.empty(); }
  std::string text();

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
  bool sorted_;
};

}  // namespace flowrun::core
