// The rows of a gather's table by their items' keys.
#pragma once
#include <flowrun/table.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>

#include "readable.hpp"

namespace output {

// Valid as long as the table. Throws where two items have one key, which then says nothing of where the file is and
// which rows belong together.
template <class T>
std::unordered_map<std::string_view, std::size_t> rows_by_key(const flowrun::table<T>& rows, const char* input) {
  std::unordered_map<std::string_view, std::size_t> at;
  at.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (!at.emplace(rows.key(i), i).second)
      throw std::runtime_error("two items of '" + std::string(input) + "' have the key '" + readable(rows.key(i)) +
                               "': their sources have files of the same name; read all folders by one source, with "
                               "its param 'paths'");
  return at;
}

}  // namespace output
