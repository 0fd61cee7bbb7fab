#include "sim_session.hpp"

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <thread>

namespace flowrun::sim {

sim_session::sim_session(const model_file& model, const device& on, cost_curve curve)
    : model_(model), memory_(on.simulated), curve_(std::move(curve)) {
  if (on.kind == "cuda")
    throw std::runtime_error(
        "the sim backend computes nothing and has no CUDA; give the model a file of a backend that has");
  if (model.stream_state)
    throw std::runtime_error("it keeps a state by stream, which the sim backend does not; give it a file of torch");
  for (const auto* ports : {&model.inputs, &model.outputs})
    for (const model_port& p : *ports)
      if (p.type != dtype::float32)
        throw std::runtime_error("'" + p.name + "' is not float32, all the sim backend runs");
  if (memory_ && !memory_->allocate(model.needs.resident))
    throw std::runtime_error("out of memory: its weights take " + std::to_string(model.needs.resident >> 20) +
                             " MiB, more than is free on " + on.name);
  if (memory_) peak_ = reserved_ = model_.needs.resident;
}

sim_session::~sim_session() {
  if (memory_) memory_->release(model_.needs.resident);
}

session_figures sim_session::figures() const noexcept {
  session_figures f;
  f.reserved_bytes = peak_.load();
  return f;
}

vram_need sim_session::need(std::size_t batch) const {
  return {model_.needs.resident, model_.needs.fixed + batch * model_.needs.per_row, false};
}

static void echo(const model_file& model, tensor in, std::size_t rows, std::vector<tensor>& out) {
  if (in.where.kind == place::sim) in.where = {};  // another backend's, on this device: the memory is the CPU's
  out.clear();
  auto from = in.values<const float>();
  std::size_t width = in.count() / rows;
  if (model.outputs.empty()) out.push_back(in);  // what it has, where nobody says what it should have
  for (const model_port& p : model.outputs) {
    std::vector<std::int64_t> shape = {static_cast<std::int64_t>(rows)};
    for (const dimension& d : p.shape) {
      const std::size_t side = shape.size();
      shape.push_back(side < in.shape.size() ? std::clamp(in.shape[side], d.low, d.high) : d.high);
    }
    tensor t = make_tensor(dtype::float32, std::move(shape));
    auto to = t.values<float>();
    std::size_t values = t.count() / rows;
    for (std::size_t r = 0; r < rows; ++r)
      for (std::size_t v = 0; v < values; ++v) to[r * values + v] = from[r * width + v % width];
    out.push_back(std::move(t));
  }
}

void sim_session::compute(std::size_t rows) {
  const std::chrono::duration<double, std::micro> time(curve_.call_microseconds(rows));
  if (curve_.at_once == 0) return std::this_thread::sleep_for(time);
  std::unique_lock lock(mutex_);
  turn_.wait(lock, [this] { return computing_ < curve_.at_once; });
  ++computing_;
  lock.unlock();
  std::this_thread::sleep_for(time);
  lock.lock();
  --computing_;
  lock.unlock();
  turn_.notify_one();
}

run_result sim_session::run(std::span<const tensor> in, std::size_t rows, std::vector<tensor>& out) noexcept {
  try {
    std::uint64_t bytes = model_.needs.fixed + rows * model_.needs.per_row;
    if (memory_) {
      if (!memory_->alive()) return {run_outcome::device_lost, "the sim device died, as it was asked to"};
      if (!memory_->fits(rows) || !memory_->allocate(bytes))
        return {run_outcome::out_of_memory,
                std::to_string(rows) + " rows take " + std::to_string(bytes >> 20) + " MiB"};
      const std::uint64_t now = reserved_.fetch_add(bytes) + bytes;
      std::uint64_t seen = peak_.load();
      while (now > seen && !peak_.compare_exchange_weak(seen, now)) {}
    }
    compute(rows);
    echo(model_, in[0], rows, out);
    if (memory_) {
      reserved_.fetch_sub(bytes);
      memory_->release(bytes);
    }
    return {};
  } catch (const std::exception& e) {
    return {run_outcome::failed, e.what()};
  }
}

}  // namespace flowrun::sim
