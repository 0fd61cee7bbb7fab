// A session of LibTorch: a network on a device, called with the tensors of a batch.
#pragma once
#include <flowrun/backend.hpp>

#include <map>
#include <mutex>

#include "cuda_streams.hpp"
#include "kept_memory.hpp"
#include "network.hpp"

namespace flowrun::torch_backend {

class torch_session final : public session {
 public:
  // Throws std::runtime_error with one sentence.
  torch_session(const model_file& model, const device& on, const session_options& options);
  ~torch_session() override;

  run_result run(std::span<const tensor> in, std::size_t rows, std::vector<tensor>& out) noexcept override;
  run_result run_in_stream(std::uint64_t stream, std::span<const tensor> in,
                           std::vector<tensor>& out) noexcept override;
  void reset(std::uint64_t stream) noexcept override;
  vram_need need(std::size_t batch) const override;
  run_result fetch(const tensor& from, tensor& to) noexcept override;
  tensor make_input(dtype type, std::vector<std::int64_t> shape) override;
  void trim() noexcept override;
  session_figures figures() const noexcept override;

 private:
  void open(const session_options& options);
  void open_on_cuda(int index, const session_options& options);
  void warm_up(std::size_t rows);
  // With the session's network or a stream's; null: one that begins anew, put there.
  run_result call(std::shared_ptr<network>& with, std::span<const tensor> in, std::vector<tensor>& out) noexcept;
  std::vector<tensor> answer(network& with, std::span<const tensor> in);
  run_result find_refusal(std::size_t rows);  // of a simulated device
  std::vector<at::Tensor> finish(std::vector<at::Tensor> outputs, std::span<const tensor> in) const;
  tensor give(const at::Tensor& output) const;
  run_result find_fault() noexcept;

  const model_file& model_;
  simulated_device* simulated_;  // null: no such device
  place here_;                   // the device
  bool stay_;                    // outputs stay there; not where it is the CPU
  std::shared_ptr<memory_account> account_;
  // After all that follows is gone, and also where the constructor throws: LibTorch holds some blocks for longer.
  struct leaving_device {
    memory_account& account;
    ~leaving_device() { account.leave_device(); }
  } leaving_{*account_};
  std::unique_ptr<cuda_streams> cuda_;  // null: the CPU
  std::shared_ptr<network> network_;
  std::mutex streams_mutex_;
  std::map<std::uint64_t, std::shared_ptr<network>> streams_;  // of a model with a state by stream
  std::uint64_t resident_ = 0;
};

}  // namespace flowrun::torch_backend
