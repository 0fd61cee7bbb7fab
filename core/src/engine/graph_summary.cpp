#include "graph_summary.hpp"

#include <algorithm>

namespace flowrun::core {

static std::string how_it_runs(const checked_stage& s) {
  if (s.manifest.shape == stage_shape::gather) return "once, after the items";
  if (s.manifest.serial)
    return s.manifest.span == scope::run ? "one at a time, as admitted" : "one at a time per stream, in order";
  if (s.keep_order) return "one at a time, in item order";
  if (s.manifest.shape == stage_shape::device) return "as many at once as its device takes";
  int limit = s.parallel > 0 ? s.parallel : s.manifest.parallel;
  return limit > 0 ? "up to " + std::to_string(limit) + " at once" : "up to min(threads, 8) at once";
}

std::string summarize_graph(const checked_graph& graph) {
  std::size_t names = 0, uses = 0;
  for (const checked_stage& s : graph.stages) {
    names = std::max(names, s.name.size());
    uses = std::max(uses, s.manifest.use().size());
  }
  std::string t;
  bool serial = false;
  for (const checked_stage& s : graph.stages) {
    t += s.name + std::string(names - s.name.size() + 2, ' ') + s.manifest.use() +
         std::string(uses - s.manifest.use().size() + 2, ' ') + shape_name(s.manifest.shape) + ", " + how_it_runs(s);
    for (std::size_t o = 0; o < s.kept.size(); ++o)
      if (s.kept[o]) t += ", keeps " + s.manifest.outputs[o].name;
    t += "\n";
    serial = serial || (s.manifest.serial && s.manifest.shape != stage_shape::gather);
  }
  if (serial) t += "a stage is serial: an interrupted stream is run again from its first item\n";
  return t;
}

}  // namespace flowrun::core
