// The memory of a sim device: enforces bytes and raises faults where there is no GPU.
#pragma once
#include <atomic>

#include <flowrun/backend.hpp>

#include "../plan/device_text.hpp"

namespace flowrun::core {

class simulated_memory : public simulated_device {
 public:
  explicit simulated_memory(const device_spec& spec);

  bool allocate(std::uint64_t bytes) override;
  void release(std::uint64_t bytes) override;
  bool alive() override;
  bool fits(std::size_t rows) const override;

  std::uint64_t free() const;
  std::uint64_t peak() const { return peak_.load(); }
  void set_others(std::uint64_t bytes) { others_.store(bytes); }
  std::uint64_t others() const { return others_.load(); }
  bool others_grew() const { return others_.load() > spec_.others; }

 private:
  device_spec spec_;
  std::atomic<std::uint64_t> used_{0}, peak_{0}, others_{0}, calls_{0};
};

}  // namespace flowrun::core
