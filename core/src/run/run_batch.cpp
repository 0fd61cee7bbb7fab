// A batch past the limiter: through the session, whole or in halves, and its rows back to their items. A network with a
// state by stream gets its rows one by one: rows of several streams cannot share a call.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <thread>

#include "../device/device_state.hpp"
#include "run_state.hpp"
#include "seam.hpp"

namespace flowrun::core {

namespace {

using clock = std::chrono::steady_clock;

// Rows [first, first + n) of the batch's buffers, without a copy.
std::vector<tensor> slice(const batch& b, std::size_t first, std::size_t n) {
  std::vector<tensor> part;
  for (const tensor& whole : b.inputs) {
    tensor t = whole;
    std::size_t row = bytes(whole) / static_cast<std::size_t>(whole.shape[0]);
    t.shape[0] = static_cast<std::int64_t>(n);
    t.data = std::shared_ptr<void>(whole.data, static_cast<char*>(whole.data.get()) + first * row);
    part.push_back(std::move(t));
  }
  return part;
}

}  // namespace

std::string find_output_fault(const model_file& m, const std::vector<tensor>& out, std::size_t rows) {
  if (out.size() != m.outputs.size())
    return "the model gave " + std::to_string(out.size()) + " outputs, its file declares " +
           std::to_string(m.outputs.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    const model_port& p = m.outputs[i];
    const std::size_t most = rows * p.row_values();
    bool shaped = out[i].type == p.type && !out[i].shape.empty() &&
                  out[i].shape[0] == static_cast<std::int64_t>(rows) &&
                  (p.fixed() ? out[i].count() == most : out[i].count() <= most);
    if (!shaped)
      return "the model's output '" + p.name + "' is " + std::to_string(out[i].count()) + " values of " +
             dtype_name(out[i].type) + " for " + std::to_string(rows) + " rows; its file declares " +
             std::to_string(p.row_values()) + " of " + dtype_name(p.type) + " a row";
  }
  return {};
}

std::string find_nan(const model_port& output, const tensor& values, std::size_t row, std::size_t rows) {
  if (values.type != dtype::float32 || !values.where.on_cpu()) return {};
  std::size_t width = values.count() / rows, nans = 0;
  const float* of_row = values.values<const float>().data() + row * width;
  for (std::size_t v = 0; v < width; ++v) nans += std::isnan(of_row[v]) ? 1 : 0;
  if (nans == 0) return {};
  return "the model's output '" + output.name + "' is not a number (NaN) in " + std::to_string(nans) + " of its " +
         std::to_string(width) + " values; try another precision, or a model that takes this input";
}

std::string find_nan(const model_file& m, const std::vector<tensor>& out, std::size_t row, std::size_t rows) {
  for (std::size_t i = 0; i < out.size(); ++i)
    if (std::string fault = find_nan(m.outputs[i], out[i], row, rows); !fault.empty()) return fault;
  return {};
}

// A call and the bytes it takes of the device. Waits for them, never while holding others.
run_result run_state::call_session(stage_state& s, const batch& b, std::size_t first, std::size_t n,
                                   std::vector<tensor>& out) {
  const model_run& with = s.model->setup;
  std::vector<tensor> in = slice(b, first, n);
  auto call = [&] {
    auto begin = clock::now();
    s.model->calling.begin(begin);
    run_result r = with.file->stream_state ? with.session->run_in_stream(b.owners.at(first)->stream->number, in, out)
                                           : with.session->run(in, n, out);
    auto end = clock::now();
    s.model->calling.end(end);
    s.model->session_ns.fetch_add(static_cast<std::uint64_t>(std::chrono::nanoseconds(end - begin).count()),
                                  std::memory_order_relaxed);
    return r;
  };
  if (!with.on) return call();
  const auto asked = clock::now();
  device_share share(*with.on, with.fixed + n * with.per_row);
  s.model->add_wait(asked);
  if (with.on->lost()) return {run_outcome::device_lost, "the device is lost"};
  return call();
}

void run_state::give_rows(stage_state& s, const batch& b, std::size_t first, std::vector<tensor> out, std::size_t n) {
  auto shared = std::make_shared<const std::vector<tensor>>(std::move(out));
  for (std::size_t k = 0; k < n; ++k) {
    item* it = b.owners[first + k];
    if (!it) continue;
    row_set& rows = it->rows[static_cast<std::size_t>(s.model_index)];
    std::string fault = find_nan(*s.model->setup.file, *shared, k, n);
    if (fault.empty())
      rows.back[static_cast<std::size_t>(b.row_of[first + k])] = {shared, k};
    else
      s.model->add_fault(rows, fault);
  }
}

void run_state::fail_rows(stage_state& s, const batch& b, std::size_t first, std::size_t n, const std::string& why) {
  for (std::size_t k = first; k < first + n; ++k)
    if (item* it = b.owners[k]) s.model->add_fault(it->rows[static_cast<std::size_t>(s.model_index)], why);
}

void run_state::cancel_rows(stage_state& s, const batch& b, std::size_t first, std::size_t n) {
  for (std::size_t k = first; k < first + n; ++k)
    if (item* it = b.owners[k]) it->rows[static_cast<std::size_t>(s.model_index)].cancelled.store(true);
}

// One row and still no memory. If others have taken it since the start, it may come back.
bool run_state::wait_for_memory(stage_state& s) {
  device_state* on = s.model ? s.model->setup.on.get() : s.device->setup.on.get();
  if (!on || !on->others_grew()) return false;
  auto until = clock::now() + options.memory_wait;
  while (clock::now() < until && !cancelled.load()) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    if (!on->others_grew()) return true;
  }
  stop(stop_kind::device_lost, "stage '" + s.spec->name + "': other programs took memory of device " + on->name() +
                                   " and did not give it back in time");
  return true;
}

void run_state::run_rows(stage_state& s, const batch& b, std::size_t first, std::size_t n) {
  const bool one_by_one = s.model->setup.file->stream_state;
  std::size_t most = one_by_one ? 1 : std::max<std::size_t>(1, s.model->ceiling());
  for (; n > most; first += most, n -= most) run_rows(s, b, first, most);
  if (one_by_one && !b.owners[first]) return;  // a hole: its stream knows nothing of it
  for (int attempt = 0;; ++attempt) {
    if (cancelled.load() || device_gone.load()) return cancel_rows(s, b, first, n);
    std::vector<tensor> out;
    run_result r = call_session(s, b, first, n, out);
    if (r.outcome == run_outcome::ok) {
      std::string fault = find_output_fault(*s.model->setup.file, out, n);
      if (!fault.empty()) return fail_rows(s, b, first, n, fault);
      return give_rows(s, b, first, std::move(out), n);
    }
    if (r.outcome == run_outcome::device_lost) {
      if (s.model->setup.on) s.model->setup.on->set_lost();
      stop(stop_kind::device_lost, "stage '" + s.spec->name + "': " + r.text);
      continue;
    }
    if (r.outcome == run_outcome::out_of_memory) {
      s.model->out_of_memory.fetch_add(1, std::memory_order_relaxed);
      s.model->setup.session->trim();
      if (n > 1) {
        std::size_t half = n / 2;
        if (s.model->lower_ceiling(half) && s.model->setup.on_ceiling) s.model->setup.on_ceiling(half);
        run_rows(s, b, first, half);
        return run_rows(s, b, first + half, n - half);
      }
      if (!one_by_one && wait_for_memory(s)) continue;  // a state is gone with the call that failed
      return fail_rows(s, b, first, n, "not even one row fits the device's memory: " + r.text);
    }
    if (attempt >= s.spec->retries) return fail_rows(s, b, first, n, r.text);
    s.counters->retries.fetch_add(1, std::memory_order_relaxed);
  }
}

void run_state::run_batch(stage_state& s, batch* b, const std::function<void(item*)>& send,
                          const std::function<void()>& give_slot) {
  batcher& batches = *s.model;
  int in_slots = batches.in_slots.fetch_add(1) + 1;
  int peak = batches.peak_slots.load();
  while (in_slots > peak && !batches.peak_slots.compare_exchange_weak(peak, in_slots)) {}
  batches.add_wait(b->sent);
  auto n = static_cast<std::size_t>(b->taken);
  std::vector<item*> owners = b->owners;
  if (std::any_of(owners.begin(), owners.end(), [](item* it) { return it != nullptr; })) {
    batches.count_rows(n);
    run_rows(s, *b, 0, n);
  }
  SEAM();
  batches.in_slots.fetch_sub(1);
  batches.returned(b);
  if (!planted(planted_bug::slot_lost)) give_slot();
  for (item* it : owners) {
    if (!it) continue;
    row_set& rows = it->rows[static_cast<std::size_t>(s.model_index)];
    SEAM();
    if (rows.left.fetch_sub(1, std::memory_order_acq_rel) != 1) continue;
    if (planted(planted_bug::send_before_unpark)) {
      send(it);
      SEAM();
      unpark(it);
      continue;
    }
    unpark(it);
    send(it);
  }
  check_batches();
  unit_down();
}

}  // namespace flowrun::core
