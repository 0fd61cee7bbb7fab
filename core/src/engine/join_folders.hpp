// The folders in which plugins or models are looked for, in their order.
#pragma once
#include <filesystem>
#include <vector>

namespace flowrun::core {

using folder_list = std::vector<std::filesystem::path>;

// `of_graph`: those that a graph file names; none outside of one.
inline folder_list join_folders(folder_list first, const folder_list& of_graph, const folder_list& last) {
  first.insert(first.end(), of_graph.begin(), of_graph.end());
  first.insert(first.end(), last.begin(), last.end());
  return first;
}

}  // namespace flowrun::core
