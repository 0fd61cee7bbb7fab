#include "one_for_all.hpp"

#include <map>

namespace faces {

std::string find_one_for_all(const std::vector<membership>& faces) {
  constexpr std::size_t fewest = 100;
  std::map<std::int32_t, std::size_t> sizes;
  std::size_t somebody = 0;
  for (const membership& m : faces) {
    if (m.identity == nobody) continue;
    ++sizes[m.identity];
    ++somebody;
  }
  if (somebody < fewest) return {};
  for (const auto& [identity, size] : sizes)
    if (100 * size >= 99 * somebody)
      return "identity " + std::to_string(identity) + " has " + std::to_string(size) + " of the " +
             std::to_string(somebody) +
             " faces that are somebody's. If these are several people, try method=leaf, a smaller min_cluster_size, a "
             "higher min_quality, or norm=unit";
  return {};
}

}  // namespace faces
