#include "condensed_tree.hpp"

#include <limits>

namespace hdbscan {
namespace {

class condenser {
 public:
  condenser(const std::vector<merge>& merges, std::size_t min_cluster_size)
      : merges_(merges), least_(min_cluster_size), points_(merges.size() + 1), cluster_(2 * points_ - 1) {
    made_.points = points_;
    made_.rows.reserve(points_ + points_ / least_ * 2);
  }

  condensed_tree run() {
    std::vector<std::uint32_t> level{static_cast<std::uint32_t>(2 * points_ - 2)}, below;
    cluster_[level[0]] = new_cluster();
    for (; !level.empty(); level.swap(below), below.clear())
      for (const std::uint32_t node : level) split(node, below);
    return std::move(made_);
  }

 private:
  std::size_t size(std::uint32_t node) const { return node < points_ ? 1 : merges_[node - points_].size; }
  std::uint32_t new_cluster() { return static_cast<std::uint32_t>(points_ + made_.clusters++); }

  void split(std::uint32_t node, std::vector<std::uint32_t>& below) {
    const merge& m = merges_[node - points_];
    const double lambda = m.distance > 0 ? 1 / m.distance : std::numeric_limits<double>::infinity();
    const bool left_stays = size(m.left) >= least_, right_stays = size(m.right) >= least_;
    for (const std::uint32_t child : {m.left, m.right}) {
      if (!(child == m.left ? left_stays : right_stays)) {
        shed(child, cluster_[node], lambda);
        continue;
      }
      cluster_[child] = cluster_[node];
      if (left_stays && right_stays) {
        cluster_[child] = new_cluster();
        made_.rows.push_back({cluster_[node], cluster_[child], lambda, size(child)});
      }
      if (child >= points_) below.push_back(child);
    }
  }
  // All points below `node` leave the cluster.
  void shed(std::uint32_t node, std::uint32_t cluster, double lambda) {
    queue_.assign(1, node);
    for (std::size_t q = 0; q < queue_.size(); ++q) {
      const std::uint32_t next = queue_[q];
      if (next < points_) {
        made_.rows.push_back({cluster, next, lambda, 1});
      } else {
        queue_.push_back(merges_[next - points_].left);
        queue_.push_back(merges_[next - points_].right);
      }
    }
  }

  const std::vector<merge>& merges_;
  std::size_t least_, points_;
  std::vector<std::uint32_t> cluster_;  // of a node that is split
  std::vector<std::uint32_t> queue_;
  condensed_tree made_;
};

}  // namespace

condensed_tree condense(const std::vector<merge>& merges, std::size_t min_cluster_size) {
  return condenser(merges, min_cluster_size).run();
}

std::vector<std::size_t> find_parents(const condensed_tree& tree) {
  std::vector<std::size_t> parents(tree.clusters, 0);
  for (const tree_row& row : tree.rows)
    if (!tree.is_point(row)) parents[tree.child(row)] = tree.parent(row);
  return parents;
}

}  // namespace hdbscan
