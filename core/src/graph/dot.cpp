#include "dot.hpp"

namespace flowrun::core {

namespace {

const char* outline(stage_shape s) {
  switch (s) {
    case stage_shape::source:
      return "house";
    case stage_shape::transform:
      return "box";
    case stage_shape::gather:
      return "trapezium";
    case stage_shape::sink:
      return "invhouse";
    case stage_shape::model:
      return "box3d";
    case stage_shape::window:
      return "parallelogram";
    case stage_shape::device:
      return "box3d";
  }
  return "box";
}

// Names are letters, digits, _ and - only, so nothing needs escaping.
std::string write_stage(const checked_stage& s) {
  std::string kept;
  for (std::size_t i = 0; i < s.kept.size(); ++i)
    if (s.kept[i]) kept += (kept.empty() ? "\\nkept: " : ", ") + s.manifest.outputs[i].name;
  return "  \"" + s.name + "\" [shape=" + outline(s.manifest.shape) + ", label=\"" + s.name + "\\n" + s.manifest.use() +
         kept + "\"];\n";
}

std::string write_edge(const checked_graph& g, const checked_stage& to, std::size_t input, port_index p) {
  const checked_stage& from = g.stages[static_cast<std::size_t>(p.stage)];
  const std::string& output = from.manifest.outputs[static_cast<std::size_t>(p.port)].name;
  const std::string& name = to.manifest.inputs[input].name;
  const bool optional = to.manifest.inputs[input].optional;
  return "  \"" + from.name + "\" -> \"" + to.name + "\" [label=\"" + output + (output == name ? "" : " -> " + name) +
         "\"" + (optional ? ", style=dashed" : "") + "];\n";
}

}  // namespace

std::string write_dot(const checked_graph& g) {
  std::string text = "digraph flowrun {\n  rankdir=LR;\n";
  for (const checked_stage& s : g.stages) text += write_stage(s);
  for (const checked_stage& s : g.stages)
    for (std::size_t i = 0; i < s.inputs.size(); ++i)
      for (const port_index& p : s.inputs[i]) text += write_edge(g, s, i, p);
  return text + "}\n";
}

}  // namespace flowrun::core
