// The tree against a plain Kruskal over all pairs, by every way through the search.
#include "spanning_tree.hpp"

#include <doctest/doctest.h>
#include <oneapi/tbb/task_arena.h>

#include <algorithm>

#include "disjoint_sets.hpp"
#include "kernels/choose_kernel.hpp"
#include "made_points.hpp"

namespace {

using namespace hdbscan;

std::vector<edge> plain_tree(const points& all, std::size_t k) {
  std::vector<double> core;
  std::vector<edge> edges, tree;
  for (std::uint32_t i = 0; i < all.count; ++i) {
    std::vector<double> squares;
    for (std::uint32_t j = 0; j < all.count; ++j) {
      const double square = portable_kernel.squared_distance(all.row(i), all.row(j), all.dims);
      if (j != i) squares.push_back(square);
      if (j > i) edges.push_back({0, square, i, j});
    }
    std::sort(squares.begin(), squares.end());
    core.push_back(squares[std::min(k, squares.size()) - 1]);
  }
  for (edge& e : edges) e.weight = std::max({e.square, core[e.a], core[e.b]});
  std::sort(edges.begin(), edges.end());
  disjoint_sets sets(all.count);
  for (const edge& e : edges)
    if (const auto a = sets.find(e.a), b = sets.find(e.b); a != b) {
      sets.join(a, b);
      tree.push_back(e);
    }
  return tree;
}

bool same(const edge& x, const edge& y) {
  return x.weight == y.weight && x.square == y.square && x.a == y.a && x.b == y.b;
}
bool same_weight(const edge& x, const edge& y) {
  return x.weight == y.weight;
}

// From one pass that keeps all pairs to two passes that hardly keep any.
std::vector<search_effort> efforts() {
  std::vector<search_effort> made(5);
  made[1].near_pairs_a_point = 4;
  made[2].near_pairs_a_point = 0.01;
  made[2].sampled_points = 3;
  made[3].near_pairs_a_point = 20;
  made[3].kept_pairs = 300;
  made[4].near_pairs_a_point = 0.5;
  made[4].hub_edges = 1;
  return made;
}

template <class Same> void check_tree(const made_points& made, std::size_t k, const Same& equal) {
  const std::vector<edge> expected = plain_tree(made.view(), k);
  for (const kernel* with : available_kernels())
    for (search_effort effort : efforts()) {
      effort.kernel = with->name;
      for (const int threads : {1, 2, 5}) {
        CAPTURE(with->name);
        CAPTURE(effort.near_pairs_a_point);
        CAPTURE(threads);
        tbb::task_arena arena(threads);
        const std::vector<edge> found = arena.execute([&] { return find_spanning_tree(made.view(), k, effort); });
        CHECK(std::equal(found.begin(), found.end(), expected.begin(), expected.end(), equal));
      }
    }
}

}  // namespace

TEST_CASE("the tree is that of all pairs, edge by edge, by every kernel, way and number of threads") {
  check_tree(make_blobs(300, 24), 5, same);
  check_tree(make_blobs(250, 3, 50), 1, same);
  check_tree(make_blobs(120, 512), 30, same);
}

TEST_CASE("where distances are equal the weights are those of all pairs") {
  check_tree(make_grid(200, 3), 4, same_weight);
  check_tree(make_grid(150, 40), 2, same_weight);
  check_tree(make_identical(120, 8), 3, same_weight);
}

TEST_CASE("few points") {
  for (const std::size_t count : {2, 3, 6, 49}) check_tree(make_blobs(count, 16), 5, same);
  CHECK(find_spanning_tree(make_blobs(1, 4).view(), 5).empty());
  CHECK(find_spanning_tree({}, 5).empty());
}

TEST_CASE("the figures tell what was done") {
  const made_points made = make_blobs(300, 24);
  search_effort effort;
  effort.near_pairs_a_point = 0.01;
  search_figures figures;
  find_spanning_tree(made.view(), 5, effort, &figures);
  CHECK(figures.passes == 2);
  CHECK(figures.components > 1);
  CHECK(figures.distances > 300);
  effort.near_pairs_a_point = 1000;
  find_spanning_tree(made.view(), 5, effort, &figures);
  CHECK(figures.passes == 1);
  CHECK(figures.components == 1);
  CHECK(figures.distances == 300 * 299 / 2);
}

TEST_CASE("estimates too coarse for what is near are left to a finer kernel") {
  const made_points made = make_blobs(2000, 2);
  search_effort effort;
  effort.near_pairs_a_point = 1;
  search_figures figures;
  find_spanning_tree(made.view(), 5, effort, &figures);
  const kernel& best = choose_kernel("");
  CHECK(figures.kernel == (best.finer != nullptr ? best.finer : best.name));
}
