// The first half of a model stage: an item's rows go into batches.
#include <array>
#include <chrono>

#include "run_state.hpp"
#include "seam.hpp"

namespace flowrun::core {

namespace {

// Hands out the item's rows one by one, straight in the buffers of the batches.
class batch_rows : public row_taker {
 public:
  batch_rows(batcher& from, item* owner, row_set& rows) : from_(from), owner_(owner), rows_(rows) {}

  void begin(std::size_t n) override {
    rows_.back.assign(n, {});
    rows_.left.store(static_cast<int>(n) + 1, std::memory_order_relaxed);
  }
  row take(std::size_t i, const row_shapes& wanted) override {
    const row_shapes asked =
        from_.ranged || !wanted.empty() ? detail::complete_shapes(*from_.setup.file, wanted) : wanted;
    int index = 0;
    batch* made_room = nullptr;
    batch* b = from_.take(owner_, static_cast<int>(i),
                          from_.ranged ? detail::round_up(*from_.setup.file, asked) : row_shapes{}, index, made_room);
    taken.emplace_back(b, index);
    if (made_room) displaced.push_back(made_room);
    for (std::size_t k = 0; k < b->inputs.size(); ++k) {
      const tensor& input = b->inputs[k];
      at_[k] = static_cast<char*>(input.data.get()) +
               static_cast<std::size_t>(index) * (bytes(input) / static_cast<std::size_t>(input.shape[0]));
      if (from_.ranged && !planted(planted_bug::padding_left))
        detail::put_in_corner(nullptr, asked[k], static_cast<char*>(at_[k]), b->shapes[k], dtype_bytes(input.type));
    }
    return {from_.format, at_.data(), from_.ranged ? &b->shapes : nullptr};
  }
  std::vector<std::pair<batch*, int>> taken;
  std::vector<batch*> displaced;

 private:
  batcher& from_;
  item* owner_;
  row_set& rows_;
  std::array<void*, most_ports> at_{};
};

std::size_t bytes_per_row(const model_file& m) {
  std::size_t n = 0;
  for (const model_port& p : m.inputs) n += p.row_bytes();
  for (const model_port& p : m.outputs) n += p.row_bytes();
  return n;
}

}  // namespace

status run_state::call_prepare(item* it, stage_state& s, const void* const* in, row_set& rows, std::string& reason) {
  batcher& batches = *s.model;
  const item_info info = describe(it);
  for (int attempt = 0;; ++attempt) {
    reason.clear();
    batch_rows taker(batches, it, rows);
    rows.notes.reset();
    prepare_frame frame{in, &info, &taker, &rows.notes, &reason, false};
    stage_call timer(*s.counters);
    status answered = s.code->call_prepare(*s.code, s.object->get(), frame);
    timer.end();
    SEAM();
    // Several rows of one item may complete several batches, and rows of other shapes displace some.
    bool no_rows = answered != status::value;
    if (no_rows) batches.holes.fetch_add(taker.taken.size(), std::memory_order_relaxed);
    for (batch* b : batches.commit(taker.taken, no_rows)) send_batch(s, b);
    for (batch* b : taker.displaced) send_batch(s, b);
    if (frame.stop_run) {
      stop(stop_kind::run_error, "stage '" + s.spec->name + "', item '" + it->ref->key + "': " + reason);
      return status::cancelled;
    }
    if (answered != status::error || attempt >= s.spec->retries || cancelled.load()) return answered;
    s.counters->retries.fetch_add(1, std::memory_order_relaxed);
  }
}

void run_state::prepare(item* it, stage_state& s, const std::function<void(item*)>& send) {
  row_set& rows = it->rows[static_cast<std::size_t>(s.model_index)];
  slot& mine = it->slots[static_cast<std::size_t>(s.index)];
  std::array<const void*, most_ports> in;
  std::array<payload, most_ports> known;
  rows.cancelled.store(false, std::memory_order_relaxed);
  rows.fault.clear();
  int origin = s.index;
  // Lanes may bring the last row back while this body still works: it holds the item until it knows.
  hold(it);
  status answered = answer_early(it, s, in.data(), known.data(), rows.cache_key, origin);
  const bool asked = answered == status::none;
  if (asked) answered = call_prepare(it, s, in.data(), rows, mine.reason);
  if (answered == status::cancelled && s.order != turn_rule::none) gate_of(it, s).gap = true;
  bool last = true;
  if (asked && answered == status::value) {
    rows.bytes = static_cast<std::int64_t>(rows.back.size() * bytes_per_row(*s.model->setup.file));
    count_bytes(it, rows.bytes);
    SEAM();
    last = rows.left.fetch_sub(1, std::memory_order_acq_rel) == 1;
  } else {
    settle(it, s, answered, origin);
  }
  s.model->arrive();
  check_batches();
  if (last) {
    it->ticket.fetch_sub(parked_hold);
    send(it);
  } else {
    drop(it);
  }
}

}  // namespace flowrun::core
