#include "torch_session.hpp"

#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "call_fault.hpp"
#include "cuda_library.hpp"
#include "declared_outputs.hpp"
#include "tensors.hpp"

namespace flowrun::torch_backend {

namespace {

// A call takes one thread: the parallelism is over batches. LibTorch keeps the number per thread.
void use_one_thread() {
  thread_local bool done = false;
  if (!done) at::set_num_threads(1);
  done = true;
}

bool ends_with(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

// Whether the answer's memory is also the caller's, a weight's or a state's, and so changes under who holds the answer.
bool is_shared(const at::Tensor& answer, std::span<const tensor> in) {
  const void* begin = answer.storage().data();
  return answer.use_count() > 1 || answer.storage().use_count() > 1 ||
         std::any_of(in.begin(), in.end(), [begin](const tensor& t) { return t.data.get() == begin; });
}

place place_of(const device& on) {
  if (on.kind == "cuda") return {place::cuda, on.index};
  return on.kind == "sim" ? place{place::sim, on.index} : place{};
}

// The memory of a simulated device is the CPU's.
tensor copy(const tensor& from) {
  tensor to = make_tensor(from.type, from.shape);
  std::memcpy(to.data.get(), from.data.get(), bytes(from));
  return to;
}

// Inputs of zeros, those with that many buckets of that size, the others of their largest.
std::vector<tensor> make_zeros(const model_file& model, std::size_t rows, std::size_t bucket) {
  std::vector<tensor> in;
  for (const model_port& p : model.inputs) {
    std::vector<std::int64_t> shape = {static_cast<std::int64_t>(rows)};
    for (const dimension& d : p.shape)
      shape.push_back(bucket < p.buckets.size() ? std::clamp(p.buckets[bucket], d.low, d.high) : d.high);
    in.push_back(make_tensor(p.type, std::move(shape)));
    std::memset(in.back().data.get(), 0, bytes(in.back()));
  }
  return in;
}

}  // namespace

torch_session::torch_session(const model_file& model, const device& on, const session_options& options)
    : model_(model),
      simulated_(on.simulated),
      here_(place_of(on)),
      stay_(options.stay && !here_.on_cpu()),
      account_(std::make_shared<memory_account>(on.simulated)) {
  keep_memory();
  if (on.kind == "cuda") {
    try {
      open_on_cuda(on.index, options);
    } catch (const c10::Error& e) {
      throw std::runtime_error("LibTorch cannot use the device: " + short_text(e));
    }
  } else {
    load_cuda_beside();
    open(options);
    resident_ = account_->used();
  }
  warm_up(model.stream_state ? 1 : std::max<std::size_t>(1, options.variant->batch_low));
}

torch_session::~torch_session() {
  streams_.clear();
  network_.reset();
  trim();
}

// What LibTorch holds and nobody uses is given back before and after, so that the difference is the network's.
void torch_session::open_on_cuda(int index, const session_options& options) {
  cuda_ = std::make_unique<cuda_streams>(index, options.pin);
  cuda_->trim();
  const std::uint64_t before = cuda_->reserved();
  cuda_->set_up([&] { open(options); });
  cuda_->trim();
  const std::uint64_t after = cuda_->reserved();
  resident_ = after > before ? after - before : 0;
}

void torch_session::open(const session_options& options) {
  account_scope charge(account_);
  c10::InferenceMode inference;
  use_one_thread();
  at::Device on = cuda_ ? cuda_->device() : at::Device(at::kCPU);
  bool package = ends_with(options.variant->path, ".pt2");
  network_ = package ? open_package(model_, options, on) : open_script(model_, options, on);
}

// The first calls set things up; and what does not fit the model file is found before anything is read.
void torch_session::warm_up(std::size_t rows) {
  std::size_t buckets = 0;
  for (const model_port& p : model_.inputs) buckets = std::max(buckets, p.buckets.size());
  const std::vector<tensor> in = make_zeros(model_, rows, buckets);
  std::vector<tensor> out;
  std::shared_ptr<network> anew;
  for (int i = 0; i < 2; ++i) {
    out.clear();
    run_result r = call(model_.stream_state ? anew : network_, in, out);
    if (r.outcome == run_outcome::out_of_memory)
      throw std::runtime_error(
          "out of memory: " + (rows == 1 ? std::string("one row does") : std::to_string(rows) + " rows do") +
          " not fit beside the weights: " + r.text);
    if (r.outcome != run_outcome::ok)
      throw std::runtime_error("it does not run on the inputs its model file declares: " + r.text);
  }
  std::string fault = find_unfit_output(model_, out, rows);
  if (!fault.empty()) throw std::runtime_error(fault);
  // The network may want other combinations of sizes than these, so what they come to says nothing.
  for (std::size_t i = 0; i < buckets; ++i) call(network_, make_zeros(model_, rows, i), out);
}

// As the model file declares them, in memory of their own; where they lie, on the current stream.
std::vector<at::Tensor> torch_session::finish(std::vector<at::Tensor> outputs, std::span<const tensor> in) const {
  if (!model_.outputs.empty() && outputs.size() < model_.outputs.size())
    throw std::runtime_error("it gave " + std::to_string(outputs.size()) + " outputs, its model file declares " +
                             std::to_string(model_.outputs.size()));
  if (!model_.outputs.empty()) outputs.resize(model_.outputs.size());
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    at::Tensor t = std::move(outputs[i]);
    if (!model_.outputs.empty() && t.is_floating_point()) t = t.to(scalar_type(model_.outputs[i].type));
    t = t.contiguous();
    if (is_shared(t, in)) t = t.clone();
    outputs[i] = std::move(t);
  }
  return outputs;
}

tensor torch_session::give(const at::Tensor& output) const {
  if (stay_ && !cuda_) return share(output, here_);
  if (stay_ && output.device() == cuda_->device()) return cuda_->keep(output);
  take_off_account(output);
  return share(output);
}

std::vector<tensor> torch_session::answer(network& with, std::span<const tensor> in) {
  std::vector<at::Tensor> inputs;
  for (const tensor& t : in) inputs.push_back(view(t, here_));
  // A state may be the input itself, whose buffer other rows get next. On CUDA it is a copy.
  if (model_.stream_state && !cuda_)
    for (at::Tensor& t : inputs) t = t.clone();
  const auto compute = [&with](std::vector<at::Tensor> given) { return with.run(std::move(given)); };
  const auto compute_whole = [&](std::vector<at::Tensor> given) { return finish(compute(std::move(given)), in); };
  std::vector<at::Tensor> outputs;
  if (!cuda_)
    outputs = compute_whole(std::move(inputs));
  else if (stay_)
    outputs = cuda_->run(compute_whole, std::move(inputs), true);
  else  // half precision is copied as such
    outputs = finish(cuda_->run(compute, std::move(inputs), false), in);
  std::vector<tensor> out;
  for (const at::Tensor& t : outputs) out.push_back(give(t));
  return out;
}

run_result torch_session::find_refusal(std::size_t rows) {
  if (simulated_ && !simulated_->alive()) return {run_outcome::device_lost, "the sim device died, as it was asked to"};
  if (simulated_ && !simulated_->fits(rows))
    return {run_outcome::out_of_memory, std::to_string(rows) + " rows are more than the sim device was asked to take"};
  return {};
}

run_result torch_session::run(std::span<const tensor> in, std::size_t rows, std::vector<tensor>& out) noexcept {
  if (model_.stream_state) return {run_outcome::failed, "it keeps a state by stream; its rows belong to none"};
  const run_result refusal = find_refusal(rows);
  return refusal.outcome == run_outcome::ok ? call(network_, in, out) : refusal;
}

run_result torch_session::run_in_stream(std::uint64_t stream, std::span<const tensor> in,
                                        std::vector<tensor>& out) noexcept {
  std::shared_ptr<network> with;
  {
    std::lock_guard lock(streams_mutex_);
    const auto known = streams_.find(stream);
    if (known != streams_.end()) with = known->second;
  }
  const bool begins = !with;
  run_result r = find_refusal(1);
  if (r.outcome == run_outcome::ok) r = call(with, in, out);
  std::lock_guard lock(streams_mutex_);
  if (r.outcome != run_outcome::ok)
    streams_.erase(stream);
  else if (begins)
    streams_.emplace(stream, std::move(with));
  return r;
}

void torch_session::reset(std::uint64_t stream) noexcept {
  std::shared_ptr<network> gone;
  std::lock_guard lock(streams_mutex_);
  const auto known = streams_.find(stream);
  if (known == streams_.end()) return;
  gone = std::move(known->second);
  streams_.erase(known);
}

run_result torch_session::call(std::shared_ptr<network>& with, std::span<const tensor> in,
                               std::vector<tensor>& out) noexcept {
  try {
    account_scope charge(account_);
    c10::InferenceMode inference;
    use_one_thread();
    take_refusal();
    if (!with && cuda_)
      cuda_->set_up([&] { with = network_->begin_anew(); });
    else if (!with)
      with = network_->begin_anew();
    out = answer(*with, in);
    return {};
  } catch (...) {
    return find_fault();
  }
}

run_result torch_session::fetch(const tensor& from, tensor& to) noexcept {
  try {
    if (from.where.on_cpu() || !(from.where == here_))
      throw std::runtime_error("the tensor lies on " + from.where.text() + ", this session on " + here_.text() +
                               "; fetch it from a session of " + from.where.text());
    c10::InferenceMode inference;
    use_one_thread();
    take_refusal();
    to = cuda_ ? share(cuda_->fetch(view(from, here_))) : copy(from);
    return {};
  } catch (...) {
    return find_fault();
  }
}

// Of the exception being handled.
run_result torch_session::find_fault() noexcept {
  std::string refusal = take_refusal();
  if (!refusal.empty()) return {run_outcome::out_of_memory, refusal};
  run_result r = current_fault(cuda_ != nullptr);
  if (cuda_ && cuda_->lost()) r.outcome = run_outcome::device_lost;
  if (cuda_ && r.outcome == run_outcome::device_lost) cuda_->set_lost();
  return r;
}

vram_need torch_session::need(std::size_t batch) const {
  return {resident_, model_.needs.fixed + batch * model_.needs.per_row, true};
}

tensor torch_session::make_input(dtype type, std::vector<std::int64_t> shape) {
  return cuda_ ? cuda_->make_input(type, std::move(shape)) : make_tensor(type, std::move(shape));
}

session_figures torch_session::figures() const noexcept {
  session_figures f = cuda_ ? cuda_->figures() : session_figures{};
  if (!cuda_) f.reserved_bytes = account_->peak();
  return f;
}

void torch_session::trim() noexcept {
  if (cuda_)
    cuda_->trim();
  else
    release_kept_memory();
}

}  // namespace flowrun::torch_backend
