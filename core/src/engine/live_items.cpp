// The items of a live run: from push() to a result in the host's hands.
#include <stdexcept>

#include "../graph/nearest_name.hpp"
#include "../run/stream.hpp"
#include "../store/key_text.hpp"
#include "live_session.hpp"

namespace flowrun::core {

void live_session::log(log_level level, std::string_view text) const {
  if (!options_.on_log) return;
  try {
    options_.on_log(level, text);
  } catch (...) {  // a log that fails must not end the run
  }
}

void live_session::forbid_in_callback(const char* why) const {
  if (deliverer_.load() == std::this_thread::get_id()) throw std::logic_error(std::string("in on_result ") + why);
}

std::size_t live_session::find_input(std::string_view name, const live_item& item) const {
  std::vector<std::string> known;
  for (std::size_t i = 0; i < inputs_at_.size(); ++i) {
    const checked_stage& s = graph_.stages[static_cast<std::size_t>(inputs_at_[i])];
    known.push_back(s.name);
    if (s.name != name) continue;
    const type_manifest& takes = s.manifest.outputs.at(0).type;
    if (takes.name != item.type->name)
      throw std::logic_error("input '" + s.name + "' takes " + takes.name + ", but a " + item.type->name +
                             " was pushed (item '" + show_key(item.key) + "')");
    if (takes.size != item.type->size || takes.fields_hash != item.type->fields_hash)
      throw std::logic_error("input '" + s.name + "' takes another " + takes.name +
                             " than was pushed: its size or its fields differ; build both with the same header");
    return i;
  }
  const std::string wrong(name);
  throw std::logic_error("'" + wrong + "' is no input of " + graph_.file + "; its inputs: " + list_names(known) +
                         did_you_mean(wrong, known));
}

push_outcome live_session::push(std::string_view input, const live_item& item, std::stop_token stop,
                                std::chrono::milliseconds timeout) {
  if (timeout.count() > 0) forbid_in_callback("push() waits for a place that the callback holds; use try_push()");
  const std::size_t at = find_input(input, item);
  auto pushed = std::make_shared<pushed_item>();
  pushed->key = item.key;
  pushed->bytes = item.value.bytes;
  pushed->time_ns = item.time_ns;
  pushed->value = item.value;
  push_outcome outcome = inputs_->put(at, std::move(pushed), std::move(stop), timeout);
  if (outcome == push_outcome::accepted) flow_->wake();
  return outcome;
}

std::optional<item_result> live_session::pull(std::chrono::milliseconds timeout) {
  if (options_.on_result) throw std::logic_error("pull() has nothing to give: results go to on_result");
  if (auto next = results_.take(timeout)) return std::move(next->result);
  return {};
}

item_result live_session::start_result(int stage, const item_ref& ref) const {
  item_result r;
  r.key = ref.key;
  r.input = graph_.stages[static_cast<std::size_t>(stage)].name;
  r.layout_ = layout_;
  return r;
}

item_result live_session::make_cancelled(const live_inputs::left_over& left) const {
  item_result r = start_result(inputs_at_[left.input], *left.item);
  r.missing_.assign(layout_->values.size(), "cancelled");
  return r;
}

item_result live_session::make_result(const finished_item& f) const {
  const item& it = *f.in_flight;
  item_result r = start_result(it.source, *it.ref);
  r.stream = it.stream->name;
  r.seq = it.seq;
  r.status = f.end == item_end::done      ? result_status::done
             : f.end == item_end::skipped ? result_status::skipped
             : f.end == item_end::failed  ? result_status::failed
                                          : result_status::cancelled;
  auto slot_of = [&it](int stage) -> const slot& { return it.slots[static_cast<std::size_t>(stage)]; };
  if (f.reason_stage >= 0) {
    r.stage = graph_.stages[static_cast<std::size_t>(f.reason_stage)].name;
    r.reason = slot_of(f.reason_stage).reason;
  }
  r.values_.resize(layout_->values.size());
  for (std::size_t i = 0; i < r.values_.size(); ++i) {
    const auto& held = layout_->values[i];
    const slot& answer = slot_of(held.stage_index);
    const status q = answer.answered.load(std::memory_order_acquire);
    if (q == status::value) {
      r.values_[i] = it.values[static_cast<std::size_t>(held.value_index)].held;
      continue;
    }
    r.missing_.resize(r.values_.size());
    if (q == status::none)
      r.missing_[i] = "no item of '" + r.input + "' comes there";
    else if (q == status::cancelled || answer.origin < 0)
      r.missing_[i] = "cancelled";
    else
      r.missing_[i] =
          graph_.stages[static_cast<std::size_t>(answer.origin)].name + ": " + slot_of(answer.origin).reason;
  }
  return r;
}

void live_session::remember_failure(const item_result& r) {
  failed_item_report failed{show_key(r.key), r.input, r.stage, show_text(r.reason)};
  log(log_level::warning, failed.item + ": " + failed.stage + ": " + failed.reason);
  std::lock_guard lock(mutex_);
  if (failures_.size() < 10) failures_.push_back(std::move(failed));
}

bool live_session::keep(const finished_item& f) {
  const bool pushed = is_input_[static_cast<std::size_t>(f.in_flight->source)];
  const bool owed = static_cast<bool>(options_.on_result);
  item_result r = make_result(f);
  if (r.status == result_status::failed) remember_failure(r);
  results_.put({std::move(r), pushed, owed});
  if (pushed && !owed) inputs_->free_place();
  return !owed;
}

// The body of the thread that calls the host. A place is given back after the call: that is the backpressure.
void live_session::deliver() {
  deliverer_ = std::this_thread::get_id();
  bool threw = false;
  auto fault = [&](const std::string& text) {
    threw = true;
    {
      std::lock_guard lock(mutex_);
      callback_fault_ = "on_result threw " + text;
    }
    cancel();
  };
  while (auto next = results_.take(forever)) {
    try {
      if (!threw) options_.on_result(next->result);
    } catch (const std::exception& e) {
      fault(std::string("on item '") + show_key(next->result.key) + "': " + e.what());
    } catch (...) {
      fault("on item '" + show_key(next->result.key) + "' something that is not a std::exception");
    }
    next->result = {};  // its memory goes before its place
    if (next->pushed) inputs_->free_place();
    if (next->owes_place) flow_->give_places(1);
  }
  deliverer_ = std::thread::id();
}

}  // namespace flowrun::core
