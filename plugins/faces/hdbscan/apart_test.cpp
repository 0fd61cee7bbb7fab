// Labels of small trees in which points of one group are apart.
#include "apart.hpp"

#include <doctest/doctest.h>

#include <map>
#include <set>

#include "hdbscan.hpp"
#include "made_points.hpp"
#include "selection.hpp"

namespace {

using namespace hdbscan;
using labels = std::vector<std::int32_t>;
using groups = std::vector<std::uint32_t>;

// Two halves far apart; each of two triples a little apart from each other: ((0 1 2)(3 4 5)) and ((6 7 8)(9 10 11)).
// Excess of mass takes the halves.
condensed_tree two_halves() {
  return condense(link({{0, 1, 1},
                        {1, 2, 1},
                        {3, 4, 1},
                        {4, 5, 1},
                        {6, 7, 1},
                        {7, 8, 1},
                        {9, 10, 1},
                        {10, 11, 1},
                        {0, 3, 1.25},
                        {6, 9, 1.25},
                        {0, 6, 10}}),
                  3);
}
// Its clusters: the halves 1 and 2, the triples 3 to 6.
const std::vector<bool> halves{false, true, true, false, false, false, false};

labels apart(const condensed_tree& tree, const std::vector<bool>& selected, const groups& of, std::size_t least = 3) {
  return label_apart(tree, selected, of, least).labels;
}

}  // namespace

TEST_CASE("without two points of one group the labels are those of label_points") {
  const condensed_tree tree = two_halves();
  CHECK(select_clusters(tree, selection::excess_of_mass, 0) == halves);
  const labelling alone = label_apart(tree, halves, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, 3);
  const labelling plain = label_points(tree, halves);
  CHECK(alone.labels == plain.labels);
  CHECK(alone.labels == labels{0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1});
  CHECK(alone.probabilities == plain.probabilities);
  // One of a group in each half is no conflict.
  CHECK(apart(tree, halves, {0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5}) == plain.labels);
}

TEST_CASE("a cluster gives way to the two it splits into where these share a group; another stays whole") {
  CHECK(apart(two_halves(), halves, {0, 1, 2, 0, 4, 5, 6, 7, 8, 9, 10, 11}) ==
        labels{1, 1, 1, 2, 2, 2, 0, 0, 0, 0, 0, 0});
}

TEST_CASE("within a cluster that splits no further the weaker point leaves, of equal ones the later") {
  CHECK(apart(two_halves(), halves, {0, 0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}) ==
        labels{0, -1, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1});
  // Five within 1 of each other and a sixth, point 0, at 2: the least probable.
  const condensed_tree tree =
      condense(link({{1, 2, 1}, {2, 3, 1}, {3, 4, 1}, {4, 5, 1}, {6, 7, 1}, {7, 8, 1}, {0, 1, 2}, {1, 6, 9}}), 3);
  const labelling made = label_apart(tree, {false, true, true}, {7, 7, 2, 3, 4, 5, 6, 0, 8}, 3);
  CHECK(made.labels == labels{-1, 0, 0, 0, 0, 0, 1, 1, 1});
  CHECK(made.probabilities[0] == 0);
  CHECK(made.probabilities[1] == 1);
}

TEST_CASE("a point that left before the split is in neither part: it does not make the cluster give way") {
  // Point 12 leaves the first half at 2, above the split into triples at 1.25.
  const condensed_tree tree = condense(link({{0, 1, 1},
                                             {1, 2, 1},
                                             {3, 4, 1},
                                             {4, 5, 1},
                                             {6, 7, 1},
                                             {7, 8, 1},
                                             {9, 10, 1},
                                             {10, 11, 1},
                                             {0, 3, 1.25},
                                             {6, 9, 1.25},
                                             {0, 12, 2},
                                             {0, 6, 10}}),
                                       3);
  CHECK(apart(tree, halves, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 3}) ==
        labels{0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, -1});
}

TEST_CASE("a cluster gives way down to the split that parts them") {
  // The root's only two clusters: 0 to 8, and 9 to 11. The first splits into (0 1 2) and 3 to 8, that into triples.
  const condensed_tree tree = condense(link({{0, 1, 1},
                                             {1, 2, 1},
                                             {3, 4, 1},
                                             {4, 5, 1},
                                             {6, 7, 1},
                                             {7, 8, 1},
                                             {9, 10, 1},
                                             {10, 11, 1},
                                             {3, 6, 1.25},
                                             {0, 3, 1.5},
                                             {0, 9, 10}}),
                                       3);
  std::vector<bool> top(tree.clusters, false);
  top[1] = top[2] = true;
  const labels whole = label_points(tree, top).labels;
  CHECK(whole[0] == whole[8]);
  const labels parted = apart(tree, top, {0, 1, 2, 3, 4, 5, 3, 7, 8, 9, 10, 11});
  CHECK(parted[0] == parted[2]);
  CHECK(parted[3] == parted[5]);
  CHECK(parted[6] == parted[8]);
  CHECK(std::set<int>(parted.begin(), parted.end()) == std::set<int>{0, 1, 2, 3});
}

TEST_CASE("what is left with too few points is no cluster") {
  CHECK(apart(two_halves(), halves, {0, 0, 2, 0, 4, 5, 6, 7, 8, 9, 10, 11}) ==
        labels{-1, -1, -1, 2, 2, 2, 0, 0, 0, 0, 0, 0});
  CHECK(apart(two_halves(), halves, groups(12, 5)) == labels(12, -1));
}

TEST_CASE("no points and points without clusters have no labels") {
  CHECK(apart({}, {}, {}).empty());
  const clustering few = cluster(make_blobs(4, 3).view());
  CHECK(apart(few.condensed, std::vector<bool>(few.condensed.clusters, false), {0, 0, 1, 1}) == labels(4, -1));
}

TEST_CASE("whatever the groups are, no two of one are together") {
  const made_points made = make_blobs(600, 20);
  settings s;
  const clustering plain = cluster(made.view(), s);
  for (const std::uint32_t number : {4U, 60U, 400U}) {
    groups of(600);
    for (std::size_t i = 0; i < of.size(); ++i) of[i] = static_cast<std::uint32_t>(i * 7919 % number);
    const labelling parted =
        label_apart(plain.condensed, select_clusters(plain.condensed, s.method, s.epsilon), of, s.min_cluster_size);
    std::set<std::pair<int, std::uint32_t>> seen;
    std::map<int, std::size_t> sizes;
    for (std::size_t i = 0; i < of.size(); ++i) {
      if (parted.labels[i] < 0) continue;
      CHECK(seen.insert({parted.labels[i], of[i]}).second);
      CHECK(plain.labels[i] >= 0);  // nobody joins
      ++sizes[parted.labels[i]];
    }
    for (const auto& [label, size] : sizes) CHECK(size >= s.min_cluster_size);
    CHECK(sizes.empty() == (number == 4));  // at most four points of a cluster stay
  }
}
