// Whole clusterings.
#include "hdbscan.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <set>
#include <stdexcept>

#include "kernels/choose_kernel.hpp"
#include "made_points.hpp"

namespace {

using namespace hdbscan;

template <class T> bool same_bytes(const std::vector<T>& a, const std::vector<T>& b) {
  return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0);
}

bool same_bytes(const clustering& a, const clustering& b) {
  return same_bytes(a.labels, b.labels) && same_bytes(a.probabilities, b.probabilities) &&
         same_bytes(a.outlier_scores, b.outlier_scores) &&
         std::equal(a.tree.begin(), a.tree.end(), b.tree.begin(), b.tree.end(),
                    [](const tree_edge& x, const tree_edge& y) {
                      return x.a == y.a && x.b == y.b && x.distance == y.distance;
                    });
}

}  // namespace

TEST_CASE("clusters are found, and the same bytes by every kernel and number of threads") {
  const made_points made = make_blobs(600, 48);
  const clustering first = cluster(made.view());
  CHECK(std::set<int>(first.labels.begin(), first.labels.end()).size() >= 14);  // 16 centres, and noise
  for (const kernel* k : available_kernels())
    for (const int threads : {1, 2}) {
      CAPTURE(k->name);
      settings s;
      s.threads = threads;
      search_effort effort;
      effort.kernel = k->name;
      effort.near_pairs_a_point = threads;
      CHECK(same_bytes(cluster(made.view(), s, effort), first));
    }
}

TEST_CASE("the order of the points does not matter") {
  const made_points made = make_blobs(500, 20);
  const std::vector<std::uint32_t> order = mixed_order(500);
  const clustering first = cluster(made.view()), other = cluster(made.permuted(order).view());
  std::set<std::pair<int, int>> labels;
  for (std::size_t i = 0; i < 500; ++i) {
    CHECK(other.probabilities[i] == first.probabilities[order[i]]);
    CHECK(other.outlier_scores[i] == first.outlier_scores[order[i]]);
    labels.insert({other.labels[i], first.labels[order[i]]});
  }
  std::set<int> here, there;
  for (const auto& [a, b] : labels) here.insert(a), there.insert(b);
  CHECK(labels.size() == here.size());
  CHECK(labels.size() == there.size());
}

TEST_CASE("nobody, one, and points all alike are no cluster") {
  CHECK(cluster({}).labels.empty());
  const clustering one = cluster(make_blobs(1, 3).view());
  CHECK(one.labels == std::vector<std::int32_t>{-1});
  CHECK(one.probabilities == std::vector<double>{0});
  CHECK(one.outlier_scores == std::vector<double>{0});
  CHECK(one.tree.empty());
  const clustering alike = cluster(make_identical(50, 3).view());
  CHECK(alike.labels == std::vector<std::int32_t>(50, -1));
  CHECK(alike.tree.size() == 49);
  CHECK(alike.tree.back().distance == 0);
}

TEST_CASE("fewer points than a cluster has are all in none") {
  settings s;
  s.min_cluster_size = 30;
  CHECK(cluster(make_blobs(20, 8).view(), s).labels == std::vector<std::int32_t>(20, -1));
}

TEST_CASE("min_samples smooths: distances grow with it, and it is min_cluster_size unless given") {
  const made_points made = make_blobs(200, 8);
  settings s;
  const clustering by_default = cluster(made.view(), s);
  s.min_samples = 5;
  CHECK(same_bytes(cluster(made.view(), s), by_default));
  s.min_samples = 20;
  CHECK(cluster(made.view(), s).tree.front().distance > by_default.tree.front().distance);
}

TEST_CASE("settings and points that mean nothing are refused") {
  const made_points made = make_blobs(10, 2);
  settings s;
  s.min_cluster_size = 1;
  CHECK_THROWS_WITH_AS(cluster(made.view(), s), "hdbscan: min_cluster_size is 1; right: 2 or more",
                       std::invalid_argument);
  s = {};
  s.epsilon = -1;
  CHECK_THROWS_WITH_AS(cluster(made.view(), s), "hdbscan: epsilon is -1.000000; right: 0 or a distance",
                       std::invalid_argument);
  s = {};
  s.threads = -2;
  CHECK_THROWS_WITH_AS(cluster(made.view(), s), "hdbscan: threads is -2; right: 1 or more, or 0 for all of the arena",
                       std::invalid_argument);
  made_points broken = made;
  broken.rows[3] = std::nanf("");
  CHECK_THROWS_WITH_AS(cluster(broken.view()), "hdbscan: row 1, column 1 is nan; right: finite numbers",
                       std::invalid_argument);
}
