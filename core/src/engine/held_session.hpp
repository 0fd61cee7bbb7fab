// A session that can be given back before the run ends, while others still ask what it measured.
#pragma once
#include <memory>
#include <mutex>

#include <flowrun/backend.hpp>

namespace flowrun::core {

class held_session : public session {
 public:
  // The session goes before its backend.
  held_session(std::shared_ptr<backend> from, std::unique_ptr<session> opened)
      : from_(std::move(from)), opened_(std::move(opened)) {}

  // Only when nobody calls it any more; figures() may be asked for all the same.
  void release() {
    std::unique_ptr<session> gone;
    {
      std::lock_guard lock(mutex_);
      if (opened_) last_ = opened_->figures();
      gone = std::move(opened_);
    }
  }

  run_result run(std::span<const tensor> in, std::size_t rows, std::vector<tensor>& out) noexcept override {
    return opened_->run(in, rows, out);
  }
  vram_need need(std::size_t batch) const override { return opened_->need(batch); }
  tensor make_input(dtype type, std::vector<std::int64_t> shape) override {
    return opened_->make_input(type, std::move(shape));
  }
  void trim() override { opened_->trim(); }
  run_result run_in_stream(std::uint64_t stream, std::span<const tensor> in,
                           std::vector<tensor>& out) noexcept override {
    return opened_->run_in_stream(stream, in, out);
  }
  void reset(std::uint64_t stream) noexcept override {
    std::lock_guard lock(mutex_);
    if (opened_) opened_->reset(stream);
  }
  run_result fetch(const tensor& from, tensor& to) noexcept override { return opened_->fetch(from, to); }
  session_figures figures() const noexcept override {
    std::lock_guard lock(mutex_);
    return opened_ ? opened_->figures() : last_;
  }

 private:
  std::shared_ptr<backend> from_;
  mutable std::mutex mutex_;
  std::unique_ptr<session> opened_;
  session_figures last_;
};

}  // namespace flowrun::core
