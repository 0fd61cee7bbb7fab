// "{stem}_{seq:06}.jpg": where an item's file goes.
#pragma once
#include <cstddef>
#include <flowrun/item_info.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace image_write {

class path_template {
 public:
  // Throws flowrun::input_error for a placeholder it does not know and for a brace without its partner.
  explicit path_template(std::string_view text);
  std::string fill(const flowrun::item_info& item) const;

 private:
  enum class part_kind { text, key, stem, ext, stream, seq };
  struct part {
    part_kind kind;
    std::string text;
    std::size_t digits = 0;  // of seq: filled up with zeros
  };
  part placeholder(std::string_view inside) const;

  std::string whole_;
  std::vector<part> parts_;
};

}  // namespace image_write
