// A backend that echoes like sim and whose calls go wrong as the model's file says: `fail_every N` (each Nth call),
// `short` (one row too few comes back), `turned` (the rows come back in reverse). `call_us N` and `copy_us N` is what a
// call and its copy take.
#pragma once
#include <atomic>
#include <chrono>
#include <flowrun/backend.hpp>
#include <fstream>
#include <stdexcept>
#include <thread>

namespace probe_models {

struct faults {
  std::uint64_t fail_every = 0;
  std::int64_t call_us = 0, copy_us = 0;
  bool too_few = false, turned = false;
};

inline faults read_faults(const std::string& path) {
  std::ifstream in(path);
  faults f;
  for (std::string word; in >> word;)
    if (word == "fail_every")
      in >> f.fail_every;
    else if (word == "call_us")
      in >> f.call_us;
    else if (word == "copy_us")
      in >> f.copy_us;
    else if (word == "short")
      f.too_few = true;
    else if (word == "turned")
      f.turned = true;
    else
      throw std::runtime_error("'" + word + "' is no fault of the flaky backend");
  return f;
}

class flaky_session : public flowrun::session {
 public:
  flaky_session(const flowrun::model_file& model, faults f) : model_(model), faults_(f) {}

  flowrun::run_result run(std::span<const flowrun::tensor> in, std::size_t rows,
                          std::vector<flowrun::tensor>& out) noexcept override {
    try {
      std::uint64_t call = ++calls_;
      if (faults_.fail_every > 0 && call % faults_.fail_every == 0)
        return {flowrun::run_outcome::failed, "the flaky backend failed, as it was told to"};
      const auto begin = std::chrono::steady_clock::now();
      std::this_thread::sleep_for(std::chrono::microseconds(faults_.copy_us));
      const std::chrono::nanoseconds copied = std::chrono::steady_clock::now() - begin;
      if (faults_.copy_us > 0) copy_ns_ += static_cast<std::uint64_t>(copied.count());
      std::this_thread::sleep_for(std::chrono::microseconds(faults_.call_us));
      std::size_t back = faults_.too_few ? rows - 1 : rows;
      auto from = in[0].values<const float>();
      for (const flowrun::model_port& p : model_.outputs) {
        flowrun::tensor t = flowrun::make_tensor(
            flowrun::dtype::float32, {static_cast<std::int64_t>(back), static_cast<std::int64_t>(p.row_values())});
        auto to = t.values<float>();
        std::size_t n = p.row_values();  // inputs and outputs of the probe's models are alike
        for (std::size_t r = 0; r < back; ++r)
          std::copy_n(&from[(faults_.turned ? back - 1 - r : r) * n], n, &to[r * n]);
        out.push_back(std::move(t));
      }
      return {};
    } catch (const std::exception& e) {
      return {flowrun::run_outcome::failed, e.what()};
    }
  }
  flowrun::vram_need need(std::size_t batch) const override {
    return {model_.needs.resident, model_.needs.fixed + batch * model_.needs.per_row, false};
  }
  flowrun::session_figures figures() const noexcept override {
    flowrun::session_figures f;
    f.copy_in_seconds = static_cast<double>(copy_ns_) * 1e-9;
    return f;
  }

 private:
  const flowrun::model_file& model_;
  faults faults_;
  std::atomic<std::uint64_t> copy_ns_{0};
  std::atomic<std::uint64_t> calls_{0};
};

class flaky_backend : public flowrun::backend {
 public:
  std::unique_ptr<flowrun::session> open(const flowrun::model_file& model, const flowrun::device&,
                                         const flowrun::session_options& options) override {
    return std::make_unique<flaky_session>(model, read_faults(options.path));
  }
};

}  // namespace probe_models
