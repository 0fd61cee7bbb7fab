// A backend opens model files and gives sessions. Device matters live there; stages never see them.
#pragma once
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "model_file.hpp"

namespace flowrun {

// The memory and the life of a simulated device, kept by the runtime.
class simulated_device {
 public:
  virtual ~simulated_device() = default;
  virtual bool allocate(std::uint64_t bytes) = 0;  // false: out of memory
  virtual void release(std::uint64_t bytes) = 0;
  virtual bool alive() = 0;                       // counts a call; false: the device is lost
  virtual bool fits(std::size_t rows) const = 0;  // false: a call with so many rows runs out of memory
};

struct device {
  std::string name = "cpu";  // as the user wrote it: "cpu", "cuda:0", "sim:16GiB"
  std::string kind = "cpu";  // "cpu", "cuda", "sim"
  int index = 0;
  simulated_device* simulated = nullptr;  // of kind sim
};

struct session_options {
  const model_variant* variant = nullptr;
  std::string path;       // the variant's file, opened and its sha256 checked: read this one
  std::string precision;  // "fp32", "fp16", "bf16"
  int lanes = 1;          // most calls of run() at once
  std::size_t batch = 1;  // most rows in one call
  bool pin = false;       // page-locked buffers
  // run() may leave its outputs on the device, where a tensor's `where` says so, and is given such as inputs, also
  // those of another session of the device. They may be kept after the session has gone. When run() or fetch() returns,
  // nothing that the device does to its inputs and outputs is under way any more.
  bool stay = false;
};

enum class run_outcome : std::uint8_t { ok, out_of_memory, device_lost, failed };
struct run_result {
  run_outcome outcome = run_outcome::ok;
  std::string text;  // why it is not ok
};

struct vram_need {
  std::uint64_t resident = 0, workspace = 0;  // bytes
  bool estimate = false;                      // not measured on the device itself
};

// What a session has measured of itself since it was opened; 0 where it does not.
struct session_figures {
  double copy_in_seconds = 0, copy_out_seconds = 0;  // between host and device, of all lanes together
  // The most device memory it held at once, weights included. On CUDA LibTorch's sessions share one store of memory:
  // there it is what that store held, for all sessions of the process.
  std::uint64_t reserved_bytes = 0;
};

class session {
 public:
  virtual ~session() = default;
  // `in`: one tensor per input of the model, the first dimension counts rows; `out`: one per output, made here.
  // Called by up to `lanes` threads at once. A status, never an exception, crosses this border.
  virtual run_result run(std::span<const tensor> in, std::size_t rows, std::vector<tensor>& out) noexcept = 0;
  // Of a model with `state: stream`, instead of run(): one row, answered with the state that the rows before it in the
  // stream have left. By one thread at a time, in the stream's order. After a fault the stream begins anew.
  virtual run_result run_in_stream([[maybe_unused]] std::uint64_t stream, [[maybe_unused]] std::span<const tensor> in,
                                   [[maybe_unused]] std::vector<tensor>& out) noexcept {
    return {run_outcome::failed, "the backend keeps no state by stream"};
  }
  // Forgets the state of a stream, which has ended. From any thread, also during a call for another stream.
  virtual void reset([[maybe_unused]] std::uint64_t stream) noexcept {}
  virtual vram_need need(std::size_t batch) const = 0;
  // A buffer for the rows of a batch; page-locked where the device copies faster from such.
  virtual tensor make_input(dtype type, std::vector<std::int64_t> shape) { return make_tensor(type, std::move(shape)); }
  virtual void trim() {}  // gives unused device memory back
  // A copy in the CPU's memory of an output that stayed on the device, of this session or another. Called only with
  // such.
  virtual run_result fetch([[maybe_unused]] const tensor& from, [[maybe_unused]] tensor& to) noexcept {
    return {run_outcome::failed, "the backend leaves nothing on a device"};
  }
  // Asked several times a second while run() is called: cheap, from any thread.
  virtual session_figures figures() const noexcept { return {}; }
};

class backend {
 public:
  virtual ~backend() = default;
  // Throws std::runtime_error with one sentence; `model.file` and the variant's path need not be repeated in it.
  virtual std::unique_ptr<session> open(const model_file& model, const device& on, const session_options& options) = 0;
};

inline constexpr std::uint64_t backend_magic = 0x34646e656b636162;  // "backend4", little endian
struct backend_entry {
  std::uint64_t magic;
  std::uint32_t struct_size;
  const char* name;
  std::unique_ptr<backend> (*make)();
};

}  // namespace flowrun

// Beside FLOWRUN_PLUGIN: the plugin's library also offers this backend.
#define FLOWRUN_BACKEND(NAME, TYPE)                                                                        \
  extern "C" __attribute__((visibility("default"), used)) const flowrun::backend_entry flowrun_backend = { \
      flowrun::backend_magic, sizeof(flowrun::backend_entry), NAME,                                        \
      []() -> std::unique_ptr<flowrun::backend> { return std::make_unique<TYPE>(); }};
