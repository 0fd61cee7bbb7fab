// A source's body: loads a still, or reads the next frame of a sequence, which may turn out to be none.
#include <cstdio>

#include "run_state.hpp"
#include "seam.hpp"

namespace flowrun::core {

static std::shared_ptr<item_ref> ref_of_frame(const item_ref& medium, const item_ref& frame) {
  auto ref = std::make_shared<item_ref>(frame);
  char number[32];
  std::snprintf(number, sizeof number, "#%06llu", static_cast<unsigned long long>(frame.seq));
  ref->key = medium.key + number;
  ref->size = medium.size;
  ref->mtime_ns = medium.mtime_ns;
  if (ref->bytes == 0) ref->bytes = medium.bytes;
  return ref;
}

void run_state::load(item* it, stage_state& s, const std::function<void(item*)>& send) {
  if (!it->stream->frames) {
    if (s.code->call) {
      answer(it, s);
    } else {
      it->slots[static_cast<std::size_t>(s.index)].reason = "is no sequence, and its source has no load()";
      settle(it, s, status::error, s.index);
    }
  } else {
    // Kept here: the last item of a stream may be gone before this ends.
    std::shared_ptr<stream_state> stream = it->stream;
    loaded_frame frame;
    bool any = next_frame(*stream, s, frame);
    free_places.fetch_sub(1);
    if (any) {
      stream->open.fetch_add(1);
      std::uint64_t seq = frame.ref->seq;
      identify(it, std::move(frame.ref), frame.decision, seq, frame.ordinal);
      // What was reserved is by the medium's estimate; the growth is learned by the frame's own.
      forget_reservation(it);
      reserve_item(it);
      enter(it);
    }
    SEAM();
    leave_sequence(*stream);
    if (!any) return dissolve(it);
    slot& mine = it->slots[static_cast<std::size_t>(s.index)];
    mine.reason = std::move(frame.reason);
    if (cancelled.load(std::memory_order_relaxed)) frame.answered = status::cancelled;
    if (frame.answered == status::value) keep_values(it, s, frame.out.data());
    settle(it, s, frame.answered, s.index);
  }
  fan_out(it, static_cast<int>(s.successors.size()));
  if (!s.successors.empty()) send(it);
}

// To the next frame that is to become an item. False: the sequence is over, or the run stops.
bool run_state::next_frame(stream_state& stream, stage_state& s, loaded_frame& frame) {
  sequence& seq = *stream.frames;
  if (seq.next) {
    frame = std::move(*seq.next);
    seq.next.reset();
    seq.over = seq.broken;
    return true;
  }
  while (!draining.load()) {
    frame = {};
    status found = read_frame(stream, s, frame);
    if (found == status::skip) {  // no more
      seq.over = true;
      return false;
    }
    frame.ordinal = seq.frames++;
    if (!may_list(stream.source)) {
      stream.cut = seq.over = true;
      return false;
    }
    frame.decision = options.decide ? options.decide(stream.source, stream.name, *frame.ref) : admission_decision{};
    // It was read before, and cannot be read now: that is told, and what follows it is not taken for read.
    if (found == status::error && !frame.decision.failed) frame.decision.mode = admission::fresh;
    if (frame.decision.mode == admission::already) {
      ++already;
      seq.over = seq.broken;
      if (seq.over) return false;
      if (!s.feeds_windows) continue;
      load_frame(stream, s, frame);
      // One that gave no value is nobody's previous.
      if (frame.answered == status::value) seq.passed = std::move(frame);
      continue;
    }
    if (found == status::value) load_frame(stream, s, frame);
    if (seq.passed) {
      seq.next = std::move(frame);
      frame = std::move(*seq.passed);
      frame.decision.mode = admission::context;
      seq.passed.reset();
    } else {
      seq.over = seq.broken;
    }
    return true;
  }
  stream.unfinished = true;
  return false;
}

// value: there is a frame to load; skip: the end; error: the medium is broken here, and that is its last item.
status run_state::read_frame(stream_state& stream, stage_state& s, loaded_frame& frame) {
  sequence& seq = *stream.frames;
  stage_call timer(*s.counters);
  item_ref next;
  next.seq = seq.next_seq;
  try {
    if (!seq.reader) {
      frame.ref = std::make_shared<item_ref>(*seq.medium);
      seq.reader = s.code->open_sequence(*s.code, s.object->get(), *seq.medium);
    }
    bool more = s.code->next_frame(seq.reader.get(), next);
    timer.end(false);
    if (!more) {
      if (draining.load()) stream.unfinished = true;  // it may have been told to stop
      return status::skip;
    }
    seq.next_seq = next.seq + 1;
    frame.ref = ref_of_frame(*seq.medium, next);
    return status::value;
  } catch (const run_error& e) {
    timer.end(false);
    stop(stop_kind::run_error, "stage '" + s.spec->name + "', '" + seq.medium->key + "': " + e.what());
    stream.unfinished = true;
    return status::skip;
  } catch (const std::exception& e) {
    frame.reason = e.what();
  } catch (...) {
    frame.reason = "threw something that is not a std::exception";
  }
  timer.end(false);
  if (seq.reader) frame.ref = ref_of_frame(*seq.medium, next);
  frame.answered = status::error;
  seq.broken = true;
  return status::error;
}

void run_state::load_frame(stream_state& stream, stage_state& s, loaded_frame& frame) {
  if (frame.answered == status::error) return;  // there is none to load
  stage_call timer(*s.counters);
  item_info info{frame.ref->key, s.spec->name, stream.name, frame.ref->seq, frame.ref->time_ns};
  call_frame call{nullptr, frame.out.data(), &frame.reason, &info, false};
  frame.answered = s.code->load_frame(stream.frames->reader.get(), call);
  timer.end();
  if (!call.stop_run) return;
  stop(stop_kind::run_error, "stage '" + s.spec->name + "', item '" + frame.ref->key + "': " + frame.reason);
  frame.answered = status::cancelled;
}

// The place read nothing: it goes back, and what stood for an item is none.
void run_state::dissolve(item* it) {
  live.fetch_sub(1);
  forget_reservation(it);
  recycle(it);
  place();
  unit_down();
}

}  // namespace flowrun::core
