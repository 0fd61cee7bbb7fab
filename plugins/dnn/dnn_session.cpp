#include "dnn_session.hpp"

#include <algorithm>
#include <cstring>
#include <fstream>
#include <iterator>
#include <opencv2/core/utils/logger.hpp>
#include <stdexcept>

#include "call_fault.hpp"

namespace flowrun::dnn_backend {

namespace {

void check_options(const model_file& model, const device& on, const session_options& options) {
  if (on.kind != "cpu")
    throw std::runtime_error("the dnn backend computes on the CPU only; give the model a file of a backend that has " +
                             on.name);
  if (options.precision != "fp32")
    throw std::runtime_error("the dnn backend computes in fp32 only, not in " + options.precision +
                             "; remove that from the precision of its file in the model file");
  if (options.variant->method != "forward")
    throw std::runtime_error("an ONNX file has no methods to choose from; remove 'method: " + options.variant->method +
                             "' from the model file");
  if (model.stream_state)
    throw std::runtime_error("it keeps a state by stream, which the dnn backend does not; give it a file of torch");
  for (const auto* ports : {&model.inputs, &model.outputs})
    for (const model_port& p : *ports)
      if (p.type != dtype::float32)
        throw std::runtime_error("'" + p.name + "' is " + dtype_name(p.type) +
                                 "; the dnn backend takes and gives float32 only");
}

std::string read_whole(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (!in || bytes.empty()) throw std::runtime_error("its file cannot be read, or is empty");
  return bytes;
}

std::string list(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& n : names) text += (text.empty() ? "" : ", ") + n;
  return text;
}

// Names of a model file are stricter than those of ONNX, so inputs, and outputs of other names, go by their order.
network_ports match(const model_file& model, const onnx_names& file) {
  if (model.inputs.size() != file.inputs.size())
    throw std::runtime_error("it has " + std::to_string(file.inputs.size()) + " inputs (" + list(file.inputs) +
                             "), its model file declares " + std::to_string(model.inputs.size()));
  auto has = [&file](const model_port& p) {
    return std::find(file.outputs.begin(), file.outputs.end(), p.name) != file.outputs.end();
  };
  network_ports ports{file.inputs, file.outputs};
  if (model.outputs.empty()) return ports;
  if (std::any_of(model.outputs.begin(), model.outputs.end(), has)) {
    ports.outputs.clear();
    for (const model_port& p : model.outputs) {
      if (!has(p)) throw std::runtime_error("it has no output '" + p.name + "'; it has: " + list(file.outputs));
      ports.outputs.push_back(p.name);
    }
  } else if (model.outputs.size() > file.outputs.size()) {
    throw std::runtime_error("it has " + std::to_string(file.outputs.size()) + " outputs (" + list(file.outputs) +
                             "), its model file declares " + std::to_string(model.outputs.size()));
  }
  ports.outputs.resize(model.outputs.size());
  return ports;
}

// More than one row: the last batch of a run may be smaller.
bool has_one_size(const model_file& model, const model_variant& v) {
  return v.batch_high == 1 &&
         std::all_of(model.inputs.begin(), model.inputs.end(), [](const model_port& p) { return p.fixed(); });
}

// What OpenCV logs about a file that it does not take stands in its exception as well.
class quiet_log {
 public:
  quiet_log() : before_(cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT)) {}
  ~quiet_log() { cv::utils::logging::setLogLevel(before_); }
  quiet_log(const quiet_log&) = delete;
  quiet_log& operator=(const quiet_log&) = delete;

 private:
  cv::utils::logging::LogLevel before_;
};

}  // namespace

dnn_session::dnn_session(const model_file& model, const device& on, const session_options& options) : model_(model) {
  check_options(model, on, options);
  bytes_ = read_whole(options.path);
  ports_ = match(model, read_onnx_names(bytes_));
  ports_.one_size = has_one_size(model, *options.variant);
  most_rows_ = options.variant->batch_high;
  const quiet_log quiet;
  try {
    idle_.push_back(std::make_unique<lane_network>(bytes_, model_, ports_));
  } catch (...) {
    throw std::runtime_error("OpenCV cannot open its ONNX file: " + current_text());
  }
  warm_up(std::max<std::size_t>(1, options.variant->batch_low));
}

// The first call sets things up; and what does not fit the model file is found before anything is read.
void dnn_session::warm_up(std::size_t rows) {
  std::vector<tensor> in, out;
  for (const model_port& p : model_.inputs) {
    std::vector<std::int64_t> shape = {static_cast<std::int64_t>(rows)};
    for (const dimension& d : p.shape) shape.push_back(d.high);
    in.push_back(make_tensor(p.type, std::move(shape)));
    std::memset(in.back().data.get(), 0, bytes(in.back()));
  }
  if (const run_result r = run(in, rows, out); r.outcome != run_outcome::ok)
    throw std::runtime_error("it does not run on the inputs its model file declares: " + r.text);
}

std::unique_ptr<lane_network> dnn_session::take() {
  {
    std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      auto network = std::move(idle_.back());
      idle_.pop_back();
      return network;
    }
  }
  return std::make_unique<lane_network>(bytes_, model_, ports_);
}

void dnn_session::give_back(std::unique_ptr<lane_network> network) {
  std::lock_guard lock(mutex_);
  idle_.push_back(std::move(network));
}

run_result dnn_session::run(std::span<const tensor> in, std::size_t rows, std::vector<tensor>& out) noexcept {
  try {
    if (most_rows_ > 0 && rows > most_rows_)
      return {run_outcome::failed,
              std::to_string(rows) + " rows are more than its model file allows a call: " + std::to_string(most_rows_)};
    std::unique_ptr<lane_network> network = take();
    out = network->run(in, rows);
    give_back(std::move(network));  // not after a fault: it may be half set up for other sizes
    return {};
  } catch (...) {
    run_result r = current_fault();
    if (rows > 1 && r.outcome == run_outcome::failed)
      r.text += "; a network that takes one row only needs batch: [1, 1] in its model file";
    return r;
  }
}

vram_need dnn_session::need(std::size_t batch) const {
  return {model_.needs.resident, model_.needs.fixed + batch * model_.needs.per_row, true};
}

}  // namespace flowrun::dnn_backend
