#include "lane_calls.hpp"

#include <chrono>

#include "../device/device_state.hpp"
#include "batch.hpp"

namespace flowrun::core {

lane_calls::lane_calls(device_stage& s) : stage_(s) {
  for (const lane_network& n : s.setup.networks) sessions_.push_back(std::make_unique<calls>(*this, n));
}

lane_session& lane_calls::session(std::string_view name) {
  std::string known;
  for (std::size_t i = 0; i < sessions_.size(); ++i) {
    const std::string& one = stage_.setup.networks[i].name;
    if (one == name) return *sessions_[i];
    known += (known.empty() ? "" : ", ") + one;
  }
  throw std::logic_error("the stage has no model '" + std::string(name) + "'; it has: " + known);
}

void lane_calls::check(const lane_network& network, const run_result& r) {
  if (r.outcome == run_outcome::ok) return;
  const std::string& name = network.format.model->name;
  const std::string text = r.outcome == run_outcome::out_of_memory
                               ? "the model '" + name + "' does not fit the device's memory: " + r.text
                               : "the model '" + name + "' failed: " + r.text;
  // A lost device is told before all else, and memory before another fault.
  const auto weight = [](run_outcome o) {
    return o == run_outcome::device_lost ? 3 : o == run_outcome::out_of_memory ? 2 : o == run_outcome::failed ? 1 : 0;
  };
  if (weight(r.outcome) > weight(outcome_)) {
    outcome_ = r.outcome;
    fault_ = r.outcome == run_outcome::device_lost ? r.text : text;
  }
  throw std::runtime_error(text);
}

void lane_calls::check_device(const lane_network& network) {
  const device_state* on = stage_.setup.on.get();
  if (on && on->lost()) check(network, {run_outcome::device_lost, "the device is lost"});
}

void lane_calls::note_stayed(const model_file& model, const std::vector<tensor>& out) {
  std::erase_if(stayed_, [](const stayed_output& o) { return o.data.expired(); });
  for (std::size_t i = 0; i < out.size(); ++i)
    if (!out[i].where.on_cpu()) stayed_.push_back({out[i].data, &model.outputs[i]});
}

const model_port* lane_calls::find_stayed(const tensor& t) const {
  for (const stayed_output& o : stayed_)
    if (!o.data.owner_before(t.data) && !t.data.owner_before(o.data)) return o.port;
  return nullptr;
}

std::vector<tensor> lane_calls::calls::run(const std::vector<tensor>& in) {
  using clock = std::chrono::steady_clock;
  device_stage& s = of_.stage_;
  if (const std::string fault = find_input_fault(model(), in, network_.rows); !fault.empty())
    throw std::logic_error(fault);
  of_.check_device(network_);
  const std::vector<tensor> given = pad_to_buckets(in, *this);
  const std::size_t rows = in.empty() ? 1 : static_cast<std::size_t>(in[0].shape[0]);
  std::vector<tensor> out;
  run_result r;
  {
    const device_busy busy(s.setup.on.get());
    const auto begin = clock::now();
    s.calling.begin(begin);
    r = network_.session->run(given, rows, out);
    const auto end = clock::now();
    s.calling.end(end);
    s.session_ns.fetch_add(static_cast<std::uint64_t>(std::chrono::nanoseconds(end - begin).count()),
                           std::memory_order_relaxed);
  }
  s.calls.fetch_add(1, std::memory_order_relaxed);
  of_.check(network_, r);
  s.rows.fetch_add(rows, std::memory_order_relaxed);
  std::string fault = find_output_fault(model(), out, rows);
  for (std::size_t row = 0; row < rows && fault.empty(); ++row) fault = find_nan(model(), out, row, rows);
  if (!fault.empty()) throw std::runtime_error(fault);
  of_.note_stayed(model(), out);
  return out;
}

tensor lane_calls::calls::fetch(const tensor& output) {
  if (output.where.on_cpu()) return output;
  of_.check_device(network_);
  tensor t;
  {
    const device_busy busy(of_.stage_.setup.on.get());
    of_.check(network_, network_.session->fetch(output, t));
  }
  const model_port* port = of_.find_stayed(output);
  if (!port || t.count() == 0) return t;
  const std::size_t rows = t.shape.empty() ? 1 : static_cast<std::size_t>(t.shape[0]);
  std::string fault;
  for (std::size_t row = 0; row < rows && fault.empty(); ++row) fault = find_nan(*port, t, row, rows);
  if (!fault.empty()) throw std::runtime_error(fault);
  return t;
}

tensor lane_calls::calls::make_input(dtype type, std::vector<std::int64_t> shape) {
  return network_.session->make_input(type, std::move(shape));
}

}  // namespace flowrun::core
