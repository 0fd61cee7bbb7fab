// Names of files in one folder, made of texts that may be anything.
#pragma once
#include <set>
#include <string>
#include <string_view>

namespace output {

class unique_names {
 public:
  // `text` as a name: '/' and a zero byte become '_', a leading '.' gets a '_' before it, of more than 240 bytes the
  // last are taken. Where the name was given before, this one gets ~2, ~3, ... before its extension: the same texts in
  // the same order have the same names.
  std::string add(std::string_view text);

 private:
  std::set<std::string> taken_;
};

}  // namespace output
