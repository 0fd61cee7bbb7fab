// Which clusters of a small tree are selected.
#include "selection.hpp"

#include <doctest/doctest.h>

#include "labels.hpp"
#include "outlier_scores.hpp"

namespace {

using namespace hdbscan;

// Pairs 0.5 apart (lambda 2) at distances that merge them two by two: ((0 1)(2 3)) at 1, with ((4 5)(6 7)) at 4.
std::vector<merge> four_pairs() {
  return link({{0, 1, 0.5}, {2, 3, 0.5}, {4, 5, 0.5}, {6, 7, 0.5}, {0, 2, 1}, {4, 6, 1}, {0, 4, 4}});
}

}  // namespace

TEST_CASE("the condensed tree holds clusters from the root down and points where they leave") {
  const condensed_tree tree = condense(four_pairs(), 2);
  CHECK(tree.points == 8);
  CHECK(tree.clusters == 7);
  REQUIRE(tree.rows.size() == 14);
  CHECK(tree.rows[0].parent == 8);
  CHECK(tree.rows[0].child == 9);
  CHECK(tree.rows[0].lambda == 0.25);
  CHECK(tree.rows[0].size == 4);
  CHECK(tree.rows[13].child == 7);
  CHECK(tree.rows[13].lambda == 2);
  CHECK(condense(four_pairs(), 3).clusters == 3);
  CHECK(condense(four_pairs(), 5).clusters == 1);
}

TEST_CASE("excess of mass takes what lasts longest") {
  // Of four: (1 - 1/4) * 4 = 3; of its two pairs: (2 - 1) * 2 each, 4 in all.
  const condensed_tree tree = condense(four_pairs(), 2);
  CHECK(select_clusters(tree, selection::excess_of_mass, 0) ==
        std::vector<bool>{false, false, false, true, true, true, true});
  const condensed_tree wide =
      condense(link({{0, 1, 0.9}, {2, 3, 0.9}, {4, 5, 0.9}, {6, 7, 0.9}, {0, 2, 1}, {4, 6, 1}, {0, 4, 4}}), 2);
  CHECK(select_clusters(wide, selection::excess_of_mass, 0) ==
        std::vector<bool>{false, true, true, false, false, false, false});
  CHECK(select_clusters(wide, selection::leaf, 0) == std::vector<bool>{false, false, false, true, true, true, true});
}

TEST_CASE("clusters that split below epsilon are put together again, but never into the root") {
  const condensed_tree tree = condense(four_pairs(), 2);
  CHECK(select_clusters(tree, selection::leaf, 1) == std::vector<bool>{false, false, false, true, true, true, true});
  CHECK(select_clusters(tree, selection::leaf, 1.5) ==
        std::vector<bool>{false, true, true, false, false, false, false});
  CHECK(select_clusters(tree, selection::leaf, 99) == std::vector<bool>{false, true, true, false, false, false, false});
}

TEST_CASE("points have the label, probability and outlier score of where they leave") {
  // Four points 1 apart and a fifth at 2, far from three 0.5 apart.
  const condensed_tree tree =
      condense(link({{5, 6, 0.5}, {6, 7, 0.5}, {0, 1, 1}, {1, 2, 1}, {2, 3, 1}, {0, 4, 2}, {4, 5, 10}}), 3);
  const labelling made = label_points(tree, select_clusters(tree, selection::excess_of_mass, 0));
  CHECK(made.labels == std::vector<std::int32_t>{0, 0, 0, 0, 0, 1, 1, 1});
  CHECK(made.probabilities == std::vector<double>{1, 1, 1, 1, 0.5, 1, 1, 1});
  CHECK(find_outlier_scores(tree) == std::vector<double>{0, 0, 0, 0, 0.5, 0, 0, 0});
}

TEST_CASE("points that coincide have an infinite lambda and are fully in their cluster") {
  const condensed_tree tree = condense(link({{0, 1, 0}, {1, 2, 0}, {3, 4, 0}, {4, 5, 0}, {0, 6, 1}, {0, 3, 2}}), 3);
  const labelling made = label_points(tree, select_clusters(tree, selection::excess_of_mass, 0));
  CHECK(made.labels == std::vector<std::int32_t>{0, 0, 0, 1, 1, 1, 0});
  CHECK(made.probabilities == std::vector<double>{1, 1, 1, 1, 1, 1, 0});
  CHECK(find_outlier_scores(tree) == std::vector<double>{0, 0, 0, 0, 0, 0, 1});
}
