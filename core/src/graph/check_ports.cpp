// Each input against the port it reads from: does it exist, is it given, do the types agree?
#include "check_state.hpp"
#include "nearest_name.hpp"

namespace flowrun::core {

namespace {

std::vector<std::string> input_names(const stage_manifest& m) {
  std::vector<std::string> names;
  for (const input_manifest& i : m.inputs) names.push_back(i.name);
  return names;
}

// Which input `in: PORT` without a name means; -1 after having said what is wrong.
int find_only_input(const stage_draft& s, const input_spec& input, problem_sink& out) {
  const auto& inputs = s.manifest->inputs;
  if (inputs.size() == 1) return 0;
  int found = -1, required = 0;
  for (std::size_t i = 0; i < inputs.size(); ++i)
    if (!inputs[i].optional && ++required == 1) found = static_cast<int>(i);
  if (required == 1) return found;
  const auto names = input_names(*s.manifest);
  out.error("several_inputs", input.at,
            stage_text(s) + " has several inputs: " + list_names(names) + "; write in: {" + names.front() +
                ": STAGE.PORT, ...}");
  return -1;
}

int find_input(const stage_draft& s, const input_spec& input, problem_sink& out) {
  if (input.name.empty()) return find_only_input(s, input, out);
  const auto names = input_names(*s.manifest);
  for (std::size_t i = 0; i < names.size(); ++i)
    if (names[i] == input.name) return static_cast<int>(i);
  out.error("unknown_input", input.at,
            stage_text(s) + " has no input '" + input.name + "'; it has: " + list_names(names) +
                did_you_mean(input.name, names));
  return -1;
}

std::string difference(const type_manifest& from, const type_manifest& to) {
  if (from.size != to.size)
    return "one has " + std::to_string(from.size) + " bytes and the other " + std::to_string(to.size);
  return "their fields differ";
}

void check_type(graph_state& g, const stage_draft& s, const input_manifest& input, port_index from, position at) {
  const type_manifest& given = type_of(g, from);
  if (given == input.type) return;
  const std::string reader = s.spec->name + "." + input.name;
  if (given.name == input.type.name)
    g.out.error("type_differs", at,
                port_text(g, from) + " and " + reader + " are both called " + given.name + ", but " +
                    difference(given, input.type) + "; build both plugins from the same declaration");
  else
    g.out.error("type_mismatch", at,
                port_text(g, from) + " is " + given.name + ", but " + reader + " takes " + input.type.name);
}

// False: one of the ports is not known.
bool link(graph_state& g, stage_draft& s, std::size_t index, const input_spec& input) {
  bool whole = true;
  for (const port_ref& ref : input.from) {
    const int stage = find_stage(g, ref, "stage '" + s.spec->name + "'");
    stage_draft* from = stage < 0 ? nullptr : &g.stages[static_cast<std::size_t>(stage)];
    const int port = from && from->manifest ? find_output(g, stage, ref) : -1;
    if (port < 0) {
      whole = false;
      continue;
    }
    const port_index p{stage, port};
    for (const linked_port& other : s.inputs[index])
      if (other.from == p)
        g.out.error("repeated_port", ref.at,
                    "input '" + s.manifest->inputs[index].name + "' names " + port_text(g, p) + " twice");
    from->read[static_cast<std::size_t>(port)] = true;
    s.inputs[index].push_back({p, ref.at});
    check_type(g, s, s.manifest->inputs[index], p, ref.at);
  }
  return whole && !input.from.empty();
}

void check_missing(const stage_draft& s, problem_sink& out) {
  std::vector<std::string> missing;
  bool any = false;
  for (std::size_t i = 0; i < s.inputs.size(); ++i) {
    any = any || !s.inputs[i].empty();
    if (s.inputs[i].empty() && !s.manifest->inputs[i].optional) missing.push_back(s.manifest->inputs[i].name);
  }
  if (missing.empty() && !any) missing = input_names(*s.manifest);
  if (missing.empty()) return;
  const std::string noun = missing.size() == 1 ? "the input " : "the inputs ";
  out.error(
      "missing_input", is_given(s.spec->in_at) ? s.spec->in_at : s.spec->at,
      stage_text(s) + " needs " + noun + list_names(missing) + "; write in: {" + missing.front() + ": STAGE.PORT}");
}

}  // namespace

void link_inputs(graph_state& g) {
  for (stage_draft& s : g.stages) {
    if (!s.manifest) continue;
    if (s.manifest->shape == stage_shape::source) {
      if (!s.spec->inputs.empty())
        g.out.error("source_with_input", s.spec->in_at, stage_text(s) + " is a source and has no inputs; remove 'in'");
      continue;
    }
    bool linked = true;
    for (const input_spec& input : s.spec->inputs) {
      const bool told = input.name.empty() && input.from.empty();  // when the file was read
      const int index = told ? -1 : find_input(s, input, g.out);
      if (index < 0 || !link(g, s, static_cast<std::size_t>(index), input)) linked = false;
    }
    s.whole = s.whole && linked;
    if (s.whole) check_missing(s, g.out);
  }
}

}  // namespace flowrun::core
