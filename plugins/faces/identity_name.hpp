// What an identity is called in the names of files and folders.
#pragma once
#include <cstdint>
#include <string>

namespace faces {

// "0007": at least four digits.
inline std::string identity_name(std::int32_t identity) {
  std::string digits = std::to_string(identity);
  return digits.size() < 4 ? std::string(4 - digits.size(), '0') + digits : digits;
}

}  // namespace faces
