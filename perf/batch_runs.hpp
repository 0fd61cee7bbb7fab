// Runs of graphs with model stages, for the benchmark of batches.
#pragma once
#include "batch_stages.hpp"
#include "report/cpu_time.hpp"

namespace batch_runs {

using namespace flowrun;
using namespace flowrun::core;
using namespace flowrun::core::batch_stages;
using steady = std::chrono::steady_clock;

inline double seconds_since(steady::time_point begin) {
  return std::chrono::duration<double>(steady::now() - begin).count();
}
// One compute stream, as a GPU has: calls may overlap, their computing does not.
class one_stream_session : public timed_session {
 public:
  run_result run(std::span<const tensor> in, std::size_t rows, std::vector<tensor>& out) noexcept override {
    std::lock_guard lock(stream_);
    auto begin = steady::now();
    run_result r = timed_session::run(in, rows, out);
    computed_ += seconds_since(begin);
    return r;
  }
  double computed() const { return computed_; }

 private:
  std::mutex stream_;
  double computed_ = 0;
};

struct finished {
  dataflow_numbers numbers;
  double seconds = 0;
  process_time spent;
};

inline finished run_graph(builder& b, std::vector<model_run> models, int threads, int in_flight) {
  dataflow_options o;
  o.threads = threads;
  o.in_flight = in_flight;
  o.adjust_process = true;  // more threads than cores, where sleeping decodes are many
  o.models = std::move(models);
  dataflow flow(b.graph, b.code, o);
  flow.open_stages();
  process_time before = measure_process_time();
  auto begin = steady::now();
  flow.run();
  finished f{flow.numbers(), seconds_since(begin), measure_process_time()};
  f.spent.worked -= before.worked;
  f.spent.delayed -= before.delayed;
  return f;
}

inline model_run model_of(const model_file& file, std::shared_ptr<session> s, std::size_t batch, int slots) {
  model_run m;
  m.file = &file;
  m.session = std::move(s);
  m.batch = batch;
  m.slots = m.lanes = slots;
  return m;
}

inline std::shared_ptr<device_state> any_device() {
  device_spec spec;
  spec.text = "sim";
  spec.kind = "sim";
  spec.memory = std::uint64_t{1} << 40;
  auto d = std::make_shared<device_state>(spec);
  d->set_pool(spec.memory);
  return d;
}

inline std::vector<std::pair<std::string, param_value>> decode_params(std::int64_t count, std::int64_t work_us,
                                                                      std::int64_t sleep_us = 0) {
  return {{"count", count}, {"work_us", work_us}, {"sleep_us", sleep_us}};
}

}  // namespace batch_runs
