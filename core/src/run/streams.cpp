// Streams: what serial stages and windows keep for each, which sequences are being read, and the end of one.
#include <algorithm>

#include "run_state.hpp"
#include "seam.hpp"

namespace flowrun::core {

std::unique_ptr<stage_object> run_state::make_object(const stage_state& s) const {
  return std::make_unique<stage_object>(*s.spec, *s.code, options.context ? options.context(s.index) : stage_context{});
}

std::shared_ptr<stream_state> run_state::make_stream(int source, const std::string& name) {
  auto stream = std::make_shared<stream_state>();
  stream->number = streams_made.fetch_add(1);
  stream->source = source;
  stream->name = name;
  stream->parts.resize(stages.size());
  for (const stage_state& s : stages) {
    auto at = static_cast<std::size_t>(s.index);
    if (s.order != turn_rule::by_stream || !plans[static_cast<std::size_t>(source)].reaches[at]) continue;
    stream->parts[at] = std::make_unique<stream_state::part>();
    if (s.has_object_by_stream()) stream->parts[at]->object = make_object(s);
  }
  return stream;
}

std::shared_ptr<stream_state> run_state::set_of(int source) {
  auto& set = sets[static_cast<std::size_t>(source)];
  if (!set) set = make_stream(source, "");
  return set;
}

// One of the sequences of this source that nobody reads from now, if there is any.
std::shared_ptr<stream_state> run_state::idle_sequence(std::size_t source) {
  if (being_read[source].load() == 0) return nullptr;
  std::lock_guard lock(places_mutex);
  auto& all = active[source];
  auto idle = std::find_if(all.begin(), all.end(), [](const auto& s) { return !s->frames->reading; });
  if (idle == all.end()) return nullptr;
  (*idle)->frames->reading = !planted(planted_bug::sequence_never_busy);
  // To the back: they take turns.
  std::rotate(idle, idle + 1, all.end());
  return all.back();
}

std::shared_ptr<stream_state> run_state::add_sequence(int source, std::shared_ptr<item_ref> medium) {
  std::shared_ptr<stream_state> stream = make_stream(source, medium->key);
  stream->frames = std::make_unique<sequence>();
  stream->frames->medium = std::move(medium);
  stream->frames->reading = true;
  std::lock_guard lock(places_mutex);
  active[static_cast<std::size_t>(source)].push_back(stream);
  ++being_read[static_cast<std::size_t>(source)];
  return stream;
}

// Whoever read from it has its frame.
void run_state::leave_sequence(stream_state& s) {
  bool over = s.frames->over;
  std::shared_ptr<stream_state> gone;
  {
    std::lock_guard lock(places_mutex);
    s.frames->reading = false;
    if (over) {
      auto& all = active[static_cast<std::size_t>(s.source)];
      auto at = std::find_if(all.begin(), all.end(), [&s](const auto& one) { return one.get() == &s; });
      gone = *at;
      all.erase(at);
      --being_read[static_cast<std::size_t>(s.source)];
    }
  }
  if (over) {
    gone->frames->reader.reset();
    leave_stream(gone);
  }
  SEAM();
  work_came();
}

void run_state::leave_stream(const std::shared_ptr<stream_state>& s) {
  if (!s->frames || s->open.fetch_sub(1) != 1) return;
  for (int i : models) {
    const model_run& with = stages[static_cast<std::size_t>(i)].model->setup;
    if (with.file->stream_state) with.session->reset(s->number);
  }
  for (auto& part : s->parts) {
    if (!part) continue;
    live_bytes.fetch_sub(static_cast<std::int64_t>(part->previous.bytes), std::memory_order_relaxed);
    part->previous = {};
  }
  if (s->unfinished.load()) return;
  try {
    for (auto& part : s->parts)
      if (part && part->object) part->object->close();
    if (options.on_stream_ended && !s->cut.load())
      options.on_stream_ended(s->source, *s->frames->medium, s->frames->frames);
  } catch (const std::exception& e) {
    stop(stop_kind::run_error, e.what());
  }
}

}  // namespace flowrun::core
