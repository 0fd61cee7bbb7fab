// Early release: a stage's sessions give their memory back when no item can reach it any more, while later stages still
// run. A session is called only for an item that its stage has not answered, so the answers say when it has done.
#include <algorithm>

#include "run_state.hpp"
#include "seam.hpp"

namespace flowrun::core {

// Counts and looks, while admission says that a source is over and looks: one of the two sees the other.
void run_state::count_answer(stage_state& s) {
  if (!s.life) return;
  s.life->answered.fetch_add(1);
  SEAM();
  release_sessions(s);
}

void run_state::look_for_ended_sources() {
  const auto over = std::count(source_ended.begin(), source_ended.end(), true);
  if (over == sources_over) return;
  sources_over = over;
  for (stage_state& s : stages) {
    if (!s.life) continue;
    const auto& from = s.spec->sources;
    if (!std::all_of(from.begin(), from.end(), [this](int i) { return source_ended[static_cast<std::size_t>(i)]; }))
      continue;
    s.life->sources_over.store(true);
    SEAM();
    release_sessions(s);
  }
}

void run_state::release_sessions(stage_state& s) {
  session_life& life = *s.life;
  if (!life.sources_over.load() || life.answered.load() != life.expected.load() || life.released.exchange(true)) return;
  if (s.model) s.model->drop_buffers();
  (s.model ? s.model->setup : s.device->setup).release();
}

}  // namespace flowrun::core
