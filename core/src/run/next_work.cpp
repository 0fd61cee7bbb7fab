// What a free place is to do: admit a still that a source lists, read a frame, or wait.
#include <algorithm>

#include "run_state.hpp"
#include "seam.hpp"

namespace flowrun::core {

// Sources take turns; under a limit of items they go one after another, so that the same items come every time.
work run_state::next_work() {
  work w;
  bool all_ended = true;
  for (std::size_t tried = 0; tried < sources.size() && !draining.load(); ++tried) {
    const int source = sources[strict ? tried : next_source++ % sources.size()];
    auto at = static_cast<std::size_t>(source);
    if (source_ended[at]) continue;
    w.source = source;
    if ((w.sequence = idle_sequence(at))) return w;
    if (next_listed(at, w)) return w;
    if (source_ended[at]) continue;
    all_ended = false;
    w.later = true;
    if (strict && (options.feeds.empty() || !options.feeds[at])) break;  // a host's input may have nothing for long
  }
  if (all_ended && !draining.load()) {
    ended.store(true);
    stop_waiting();
  }
  return w;
}

bool run_state::next_listed(std::size_t source, work& w) {
  const auto lanes = static_cast<std::size_t>(strict ? 1 : stages[source].parallel);
  if (strict && being_read[source].load() > 0) return false;
  while (!draining.load()) {
    bool later = false;
    std::shared_ptr<item_ref> ref = next_ref(source, later);
    if (!ref) {
      list_over[source] = !later;
      if (!later && !draining.load() && being_read[source].load() == 0) source_ended[source] = true;
      return false;
    }
    if (ref->sequence) {
      if (being_read[source].load() >= lanes) {
        held_back[source] = std::move(ref);
        return false;
      }
      const std::uint64_t room = room_for(w.source);
      if (room == 0) {
        source_ended[source] = true;
        return false;
      }
      if (auto frames = options.finished_stream ? options.finished_stream(w.source, *ref, room) : std::nullopt) {
        already += *frames;
        listed[source] += *frames;
        listed_in_all += *frames;
        continue;
      }
      w.sequence = add_sequence(w.source, std::move(ref));
      return true;
    }
    if (!may_list(w.source)) {
      source_ended[source] = true;
      return false;
    }
    w.decision = options.decide ? options.decide(w.source, "", *ref) : admission_decision{};
    if (w.decision.mode == admission::already) {
      ++already;
      ++passed_over[source];
      continue;
    }
    w.ref = std::move(ref);
    return true;
  }
  return false;
}

// Under a limit media are read one after another, so nobody takes the room between the question and the item.
std::uint64_t run_state::room_for(int source) const {
  auto left = [](std::uint64_t most, std::uint64_t taken) {
    return most == 0 ? ~std::uint64_t{0} : most - std::min(most, taken);
  };
  auto at = static_cast<std::size_t>(source);
  return std::min(left(graph.stages[at].max_items, listed[at]), left(graph.run.max_items, listed_in_all));
}

bool run_state::may_list(int source) {
  if (room_for(source) == 0) return false;
  ++listed[static_cast<std::size_t>(source)];
  ++listed_in_all;
  return true;
}

std::shared_ptr<item_ref> run_state::next_ref(std::size_t source, bool& later) {
  if (held_back[source]) return std::move(held_back[source]);
  if (list_over[source]) return nullptr;
  if (!options.feeds.empty() && options.feeds[source]) {
    bool over = false;
    std::shared_ptr<item_ref> ref = options.feeds[source](over);
    later = !ref && !over;
    return ref;
  }
  if (!listed_ahead.empty() && listed_ahead[source]) {
    auto& refs = *listed_ahead[source];
    if (refs.empty()) return nullptr;
    auto ref = std::move(refs.front());
    refs.pop_front();
    return ref;
  }
  return ask_source(source);
}

// What a source throws while it lists concerns the run: nobody knows what else it would have listed.
std::shared_ptr<item_ref> run_state::ask_source(std::size_t source) {
  const stage_state& s = stages[source];
  try {
    return s.code->call_next(*s.code, s.object->get());
  } catch (const std::exception& e) {
    stop(stop_kind::run_error, "stage '" + s.spec->name + "': " + e.what());
  } catch (...) {
    stop(stop_kind::run_error, "stage '" + s.spec->name + "': next() threw something that is not a std::exception");
  }
  return nullptr;
}

// False: something came since the place looked; it has to look again.
bool run_state::wait_for_work(std::uint64_t seen_news) {
  SEAM();
  std::lock_guard lock(places_mutex);
  if (draining.load()) return true;
  // First it waits and then looks, work_came() does it the other way round: one of the two sees the other.
  ++waiting;
  SEAM();
  if (news.load() == seen_news) return true;
  --waiting;
  return false;
}

void run_state::work_came() {
  ++news;
  SEAM();
  if (waiting.load() == 0) return;
  std::lock_guard lock(places_mutex);
  if (waiting.load() == 0 || draining.load()) return;
  --waiting;
  place();  // under the lock: the graph is open as long as places wait in it
}

// Admission alone makes places wait, so none is missed here.
bool run_state::take_waiting() {
  if (waiting.load() == 0) return false;
  std::lock_guard lock(places_mutex);
  if (waiting.load() == 0 || draining.load()) return false;
  --waiting;
  return true;
}

// Nothing more will be admitted. A graph that was held open for feeds may end.
void run_state::stop_waiting() {
  std::lock_guard lock(places_mutex);
  waiting = 0;
  if (!feeding) return;
  feeding = false;
  release_wait();
}

}  // namespace flowrun::core
