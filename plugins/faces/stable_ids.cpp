#include "stable_ids.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace faces {
namespace {

constexpr std::int32_t none = -1;

struct found_cluster {
  std::size_t size = 0, first_face = 0;
};

std::vector<found_cluster> measure_clusters(const std::vector<std::int32_t>& labels) {
  std::vector<found_cluster> clusters;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] < 0) continue;
    const auto label = static_cast<std::size_t>(labels[i]);
    if (label >= clusters.size()) clusters.resize(label + 1);
    if (clusters[label].size++ == 0) clusters[label].first_face = i;
  }
  return clusters;
}

struct overlap {
  std::size_t faces, label;
  std::int32_t identity;
};

// The largest first.
std::vector<overlap> measure_overlaps(const std::vector<std::int32_t>& labels, const std::vector<std::int32_t>& were,
                                      const std::vector<found_cluster>& clusters) {
  std::map<std::pair<std::size_t, std::int32_t>, std::size_t> shared;
  for (std::size_t i = 0; i < labels.size(); ++i)
    if (labels[i] >= 0 && were[i] >= 0) ++shared[{static_cast<std::size_t>(labels[i]), were[i]}];
  std::vector<overlap> overlaps;
  for (const auto& [pair, faces] : shared) overlaps.push_back({faces, pair.first, pair.second});
  std::sort(overlaps.begin(), overlaps.end(), [&](const overlap& a, const overlap& b) {
    return std::tuple(b.faces, a.identity, clusters[a.label].first_face) <
           std::tuple(a.faces, b.identity, clusters[b.label].first_face);
  });
  return overlaps;
}

}  // namespace

std::vector<std::int32_t> choose_ids(const std::vector<std::int32_t>& labels, const std::vector<std::int32_t>& were,
                                     std::int32_t& next) {
  const std::vector<found_cluster> clusters = measure_clusters(labels);
  std::vector<std::int32_t> ids(clusters.size(), none);
  std::set<std::int32_t> used;
  for (const overlap& o : measure_overlaps(labels, were, clusters))
    if (ids[o.label] == none && used.insert(o.identity).second) ids[o.label] = o.identity;
  std::vector<std::size_t> left;
  for (std::size_t label = 0; label < clusters.size(); ++label)
    if (ids[label] == none && clusters[label].size > 0) left.push_back(label);
  std::sort(left.begin(), left.end(), [&](std::size_t a, std::size_t b) {
    return std::tuple(clusters[b].size, clusters[a].first_face) < std::tuple(clusters[a].size, clusters[b].first_face);
  });
  for (const std::size_t label : left) ids[label] = next++;
  return ids;
}

}  // namespace faces
