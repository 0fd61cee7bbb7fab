// A session of OpenCV's networks: one for each call that may be under way, made when it is first needed.
#pragma once
#include <flowrun/backend.hpp>
#include <memory>
#include <mutex>

#include "lane_network.hpp"
#include "onnx_names.hpp"

namespace flowrun::dnn_backend {

class dnn_session final : public session {
 public:
  // Throws std::runtime_error with one sentence.
  dnn_session(const model_file& model, const device& on, const session_options& options);

  run_result run(std::span<const tensor> in, std::size_t rows, std::vector<tensor>& out) noexcept override;
  vram_need need(std::size_t batch) const override;

 private:
  void warm_up(std::size_t rows);
  std::unique_ptr<lane_network> take();
  void give_back(std::unique_ptr<lane_network> network);

  const model_file& model_;
  std::string bytes_;  // of the ONNX file
  network_ports ports_;
  std::size_t most_rows_ = 0;  // of a call; 0: any
  std::mutex mutex_;
  std::vector<std::unique_ptr<lane_network>> idle_;
};

}  // namespace flowrun::dnn_backend
