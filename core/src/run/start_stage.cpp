// A model stage's start(): rows through its session before anything is read.
#include <algorithm>
#include <array>
#include <cstring>

#include "../device/device_state.hpp"
#include "run_state.hpp"

namespace flowrun::core {

namespace {

// The run was asked to stop meanwhile.
struct start_stopped : start_error {
  start_stopped() : start_error("stopped", 75) {}
};

class session_calls : public model_calls {
 public:
  session_calls(run_state& run, stage_state& s, std::function<bool()> stop_requested)
      : run_(run), s_(s), stop_requested_(std::move(stop_requested)) {}

  const model_file& model() const override { return *s_.model->setup.file; }
  std::size_t batch() const override { return std::max<std::size_t>(s_.model->ceiling(), 1); }

  std::vector<tensor> run(std::size_t rows, const prepare_function& prepare) const override {
    if (model().stream_state) fail("it keeps a state by stream, and no stream has begun");
    std::vector<tensor> all = make_buffers(model().outputs, rows);
    struct batch rows_of_call;
    if (rows > 0) rows_of_call.inputs = make_buffers(model().inputs, std::min(rows, batch()));
    for (std::size_t first = 0; first < rows;) {
      const std::size_t n = std::min(rows - first, batch());
      for (std::size_t i = 0; i < n; ++i) write_row(rows_of_call, i, [&](row& r) { prepare(first + i, r); });
      run_part(rows_of_call, 0, n, first, all);
      first += n;
    }
    return all;
  }

 private:
  static std::vector<tensor> make_buffers(const std::vector<model_port>& ports, std::size_t rows) {
    std::vector<tensor> buffers;
    for (const model_port& p : ports) {
      std::vector<std::int64_t> shape = {static_cast<std::int64_t>(rows)};
      for (const dimension& d : p.shape) shape.push_back(d.high);
      buffers.push_back(make_tensor(p.type, std::move(shape)));
    }
    return buffers;
  }

  template <class Prepare> void write_row(const struct batch& b, std::size_t i, Prepare&& prepare) const {
    if (stop_requested_ && stop_requested_()) throw start_stopped();
    std::array<void*, most_ports> at{};
    for (std::size_t k = 0; k < b.inputs.size(); ++k)
      at[k] = static_cast<char*>(b.inputs[k].data.get()) + i * model().inputs[k].row_bytes();
    row r(s_.model->format, at.data());
    prepare(r);
  }

  // Rows [first, first + n) of the batch, which become rows [to, to + n) of all; halved where memory runs out.
  void run_part(const struct batch& b, std::size_t first, std::size_t n, std::size_t to,
                std::vector<tensor>& all) const {
    std::vector<tensor> out;
    const run_result r = run_.call_session(s_, b, first, n, out);
    if (r.outcome == run_outcome::out_of_memory && n > 1) {
      s_.model->setup.session->trim();
      const std::size_t half = n / 2;
      if (s_.model->lower_ceiling(half) && s_.model->setup.on_ceiling) s_.model->setup.on_ceiling(half);
      run_part(b, first, half, to, all);
      return run_part(b, first + half, n - half, to + half, all);
    }
    if (r.outcome == run_outcome::device_lost && s_.model->setup.on) s_.model->setup.on->set_lost();
    if (r.outcome == run_outcome::out_of_memory) fail("not even one row fits the device's memory: " + r.text);
    if (r.outcome != run_outcome::ok) fail(r.text);
    if (const std::string fault = find_output_fault(model(), out, n); !fault.empty()) fail(fault);
    for (std::size_t o = 0; o < out.size(); ++o) {
      const std::size_t each = model().outputs[o].row_bytes();
      if (bytes(out[o]) != n * each) fail("its output '" + model().outputs[o].name + "' is shorter than its file says");
      std::memcpy(static_cast<char*>(all[o].data.get()) + to * each, out[o].data.get(), n * each);
    }
  }

  [[noreturn]] void fail(const std::string& why) const {
    throw start_error(
        "stage '" + s_.spec->name + "': the model '" + model().name + "' failed before the first item: " + why, 69);
  }

  run_state& run_;
  stage_state& s_;
  std::function<bool()> stop_requested_;
};

}  // namespace

void run_state::start_stage(stage_state& s) {
  const session_calls calls(*this, s, options.context ? options.context(s.index).stop_requested : nullptr);
  try {
    s.object->start(calls);
  } catch (const start_stopped&) {
    stop(stop_kind::asked, "stopped");
  }
  // Its time is counted from the first item on.
  s.model->session_ns.store(0);
  s.model->wait_ns.store(0);
  s.model->calling.reset();
}

}  // namespace flowrun::core
