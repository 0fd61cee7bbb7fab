// A session that sleeps as long as its cost curve says and holds bytes of a sim device meanwhile.
#pragma once
#include <atomic>
#include <condition_variable>
#include <flowrun/backend.hpp>
#include <mutex>

#include "cost_curve.hpp"

namespace flowrun::sim {

// Each output row repeats the values of the first input's row, as many as it has; so rows can be told apart. A side of
// an output with a range is as long as that side of the first input, within the range.
class sim_session : public session {
 public:
  // Takes the resident bytes. Throws std::runtime_error when the device has no room for them, or when the model has
  // inputs or outputs that are not float32.
  sim_session(const model_file& model, const device& on, cost_curve curve);
  ~sim_session() override;

  run_result run(std::span<const tensor> in, std::size_t rows, std::vector<tensor>& out) noexcept override;
  vram_need need(std::size_t batch) const override;
  session_figures figures() const noexcept override;

 private:
  void compute(std::size_t rows);  // waits for its turn, then as long as the curve says

  const model_file& model_;
  simulated_device* memory_;  // null on the CPU
  cost_curve curve_;
  std::atomic<std::uint64_t> reserved_{0}, peak_{0};  // bytes of the device
  std::mutex mutex_;
  std::condition_variable turn_;
  int computing_ = 0;
};

}  // namespace flowrun::sim
