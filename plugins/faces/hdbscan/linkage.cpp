#include "linkage.hpp"

#include "disjoint_sets.hpp"

namespace hdbscan {

std::vector<merge> link(const std::vector<tree_edge>& edges) {
  const std::size_t points = edges.size() + 1;
  std::vector<merge> merges;
  merges.reserve(edges.size());
  disjoint_sets sets(points + edges.size());
  const auto size = [&](std::uint32_t node) { return node < points ? 1 : merges[node - points].size; };
  for (const tree_edge& e : edges) {
    const std::uint32_t left = sets.find(e.a), right = sets.find(e.b);
    const auto made = static_cast<std::uint32_t>(points + merges.size());
    merges.push_back({left, right, e.distance, size(left) + size(right)});
    sets.join(left, made);
    sets.join(right, made);
  }
  return merges;
}

}  // namespace hdbscan
