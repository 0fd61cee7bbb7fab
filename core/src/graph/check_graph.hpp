// Holds a graph against the stages there are. Reads no file, opens no library, starts nothing.
#pragma once
#include <vector>

#include "../model/model_catalog.hpp"
#include "../plugin/stage_catalog.hpp"
#include "apply_profiles.hpp"
#include "checked_graph.hpp"
#include "graph_spec.hpp"

namespace flowrun::core {

// Every problem at once, in file order, among those already in `problems` (from reading the file, which need not have
// gone well: what could be read is checked too). The result is usable only when there is no error.
checked_graph check_graph(const graph_spec& spec, const stage_catalog& catalog, const model_catalog& models,
                          std::vector<problem>& problems, const profile_choice& profiles = {});

}  // namespace flowrun::core
