// How the search for the spanning tree goes about it. No value changes the tree, up to ties; tests change them to come
// by every way through the search with few points.
#pragma once
#include <cstddef>
#include <string>

namespace hdbscan {

struct search_effort {
  std::string kernel;                   // "": the best this machine has, a finer one where that is too coarse
  double near_pairs_a_point = 32;       // so many, about, are kept in the first pass
  std::size_t sampled_pairs = 200'000;  // tell how near that is
  std::size_t sampled_points = 480;     // give the first bounds of core distances
  std::size_t hub_edges = 1'000'000;    // at most, start the second pass
  std::size_t kept_pairs = 0;           // a thread drops needless ones at so many; 0: by the number of points
};

// What the search had to do; for tests and measurements.
struct search_figures {
  std::string kernel;
  int passes = 0;
  std::size_t distances = 0;   // computed exactly
  std::size_t components = 0;  // left after the first pass
  double pass_seconds = 0;     // of all passes
};

}  // namespace hdbscan
