#include "foretell.hpp"

#include <algorithm>

#include "random_models.hpp"

namespace flowrun::core {

static const medium* medium_of(const planned_graph& p, std::uint64_t item) {
  for (const medium& m : p.media)
    if (m.begin <= item && item < m.end) return &m;
  return nullptr;
}

std::vector<expected_answer> foretell(const planned_graph& p, std::uint64_t item, std::size_t stages,
                                      const core::item* it) {
  const medium* m = medium_of(p, item);
  const bool sequence = m && m != p.media.data();
  std::vector<expected_answer> all;
  for (std::size_t i = 0; i < stages; ++i) {
    expected_answer mine;
    double sum = 0;
    for (std::size_t k = 0; k < p.graph.stages[i].inputs.size(); ++k) {
      const auto& wired = p.graph.stages[i].inputs[k];
      bool optional = p.code[i]->inputs[k].optional;
      if (!wired.empty() && all[static_cast<std::size_t>(wired[0].stage)].answered == status::value)
        sum += all[static_cast<std::size_t>(wired[0].stage)].value + wired[0].port * 0.5;
      else if (optional)
        sum += 1000;
      else
        mine.answered = std::max(mine.answered, all[static_cast<std::size_t>(wired[0].stage)].answered);
    }
    if (mine.answered == status::value && (item - (sequence ? m->begin : 0)) % p.graph.stages[i].every != 0)
      mine.answered = status::skip;
    if (i == 0 && sequence && is_broken(*m) && item + 1 == m->end) mine.answered = status::error;
    if (mine.answered == status::value && p.code[i]->shape == stage_shape::window) {
      mine.answered = status::skip;
      port_index from = p.graph.stages[i].inputs[0][0];
      auto input = static_cast<std::size_t>(from.stage);
      for (std::uint64_t k = item; sequence && k > m->begin && mine.answered == status::skip; --k) {
        expected_answer previous = foretell(p, k - 1, input + 1, nullptr)[input];
        if (previous.answered != status::value) continue;
        mine.answered = status::value;
        sum += 3 * (previous.value + from.port * 0.5);
      }
    }
    if (mine.answered == status::value) {
      fate f = fate_of(item, static_cast<int>(i), p.chances[i]);
      mine.answered = f == fate::value ? status::value : f == fate::skip ? status::skip : status::error;
      mine.value = sum + static_cast<double>(i);
      const bool sessions = p.models[i].file || !p.models[i].networks.empty();
      if (it && sessions && it->slots[i].answered.load() == status::error && is_session_fault(it->slots[i].reason))
        mine.answered = status::error;
    }
    all.push_back(mine);
  }
  return all;
}

item_end foretell_end(const planned_graph& p, const std::vector<expected_answer>& all) {
  std::vector<bool> read(p.code.size());
  for (const checked_stage& s : p.graph.stages)
    for (const auto& input : s.inputs)
      for (port_index from : input) read[static_cast<std::size_t>(from.stage)] = true;
  bool failed = false, value = false;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto& kept = p.graph.stages[i].kept;
    if (read[i] && std::find(kept.begin(), kept.end(), true) == kept.end()) continue;
    if (all[i].answered == status::error) failed = true;
    if (all[i].answered == status::value) value = true;
  }
  return failed ? item_end::failed : value ? item_end::done : item_end::skipped;
}

}  // namespace flowrun::core
