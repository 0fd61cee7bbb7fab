#include "gpu_card.hpp"

#include <unistd.h>

#include <vector>

namespace flowrun::core {

// The bytes of this process. Nothing, where the driver does not list it: it has none on the card yet, or it runs in a
// container under another number.
std::optional<std::uint64_t> gpu_card::read_ours() const {
  const nvml_functions& f = from_->call();
  if (!f.processes) return std::nullopt;
  std::vector<nvml_process> all(16);
  for (int attempt = 0; attempt < 3; ++attempt) {
    auto n = static_cast<unsigned>(all.size());
    const int status = f.processes(card_, &n, all.data());
    if (status == nvml_insufficient_size) {
      all.resize(n + 16);  // more may have started
      continue;
    }
    if (status != nvml_ok) return std::nullopt;
    for (unsigned i = 0; i < n; ++i)
      if (all[i].pid == static_cast<unsigned>(::getpid()) && all[i].used != ~0ULL) return all[i].used;
    return std::nullopt;
  }
  return std::nullopt;
}

gpu_reading gpu_card::read() const {
  const nvml_functions& f = from_->call();
  gpu_reading r;
  nvml_memory m{};
  int status = f.memory(card_, &m);
  if (status != nvml_ok) {
    r.lost = status == nvml_gpu_is_lost;
    r.fault = "the driver does not tell its memory: " + from_->explain(status);
    return r;
  }
  r.total = m.total;
  r.free = m.free;
  r.used = m.used;
  r.ours = read_ours();
  nvml_utilization u{};
  status = f.utilization ? f.utilization(card_, &u) : nvml_function_not_found;
  if (status == nvml_ok)
    r.busy = static_cast<double>(u.gpu > 100 ? 100 : u.gpu) / 100;
  else if (!f.utilization)
    r.fault = "the driver does not tell how busy it is: it has no function nvmlDeviceGetUtilizationRates";
  else
    r.fault = "the driver does not tell how busy it is: " + from_->explain(status);
  r.lost = status == nvml_gpu_is_lost;
  return r;
}

}  // namespace flowrun::core
