#include "spanning_tree.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <numeric>

#include "first_bounds.hpp"
#include "join_components.hpp"
#include "kernels/choose_kernel.hpp"
#include "near_limit.hpp"

namespace hdbscan {
namespace {

// Adds its life to `seconds`.
class stopwatch {
 public:
  explicit stopwatch(double& seconds) : seconds_(seconds) {}
  ~stopwatch() { seconds_ += std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count(); }
  stopwatch(const stopwatch&) = delete;
  stopwatch& operator=(const stopwatch&) = delete;

 private:
  double& seconds_;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

// Packs all points for the kernel `with`, or, unless it was asked for by name, for the finer one where its estimates
// are as rough as the distances that matter and let too many pairs through.
std::unique_ptr<packed_points> pack(const points& all, const frame& view, const kernel*& with, double near,
                                    const search_effort& effort) {
  std::vector<point_id> ids(all.count);
  std::iota(ids.begin(), ids.end(), 0U);
  const bool may_change = effort.kernel.empty() && with->finer != nullptr;
  if (!may_change || with->packed_as != number::int8 || all.dims <= most_int8_dims) {
    auto packed = std::make_unique<packed_points>(all, view, with->packed_as, ids);
    if (!may_change || packed->coarseness() <= near) return packed;
  }
  with = &choose_kernel(with->finer);
  return std::make_unique<packed_points>(all, view, with->packed_as, ids);
}

forest first_pass(const points& all, const frame& view, const kernel*& with, double near, const search_effort& effort,
                  nearest_neighbours& neighbours, search_figures& figures) {
  std::vector<pair_list> pairs;
  {
    const std::unique_ptr<packed_points> packed = pack(all, view, with, near, effort);
    find_first_bounds(all, view, *with, *packed, effort, neighbours);
    const stopwatch watch(figures.pass_seconds);
    pairs = find_near_pairs(all, *with, *packed, near, effort, neighbours, figures);
  }
  ++figures.passes;
  return grow_certified_forest(pairs, near, neighbours, all.count);
}

}  // namespace

std::vector<edge> find_spanning_tree(const points& all, std::size_t k, const search_effort& effort,
                                     search_figures* told) {
  if (all.count < 2) return {};
  search_figures figures;
  const kernel* with = &choose_kernel(effort.kernel);
  const frame view = find_frame(all);
  nearest_neighbours neighbours(all.count, std::min(k, all.count - 1));
  const double near = find_near_limit(all, *with, effort);
  forest grown = first_pass(all, view, with, near, effort, neighbours, figures);
  figures.components = grown.components;
  std::vector<edge> edges = std::move(grown.edges);
  if (grown.components > 1) {
    const stopwatch watch(figures.pass_seconds);
    const std::vector<edge> outer = join_components(all, view, *with, grown, neighbours, effort, figures);
    edges.insert(edges.end(), outer.begin(), outer.end());
    ++figures.passes;
  }
  std::sort(edges.begin(), edges.end());
  figures.kernel = with->name;
  if (told != nullptr) *told = figures;
  return edges;
}

}  // namespace hdbscan
