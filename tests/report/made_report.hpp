// A run of a decode on four threads before a network on a GPU, as its report has it.
#pragma once
#include <string>

#include "report/find_limit.hpp"

namespace flowrun::core {

inline constexpr std::uint64_t mib = 1 << 20;

// 10 s; the GPU half busy with full batches, and nothing else full.
inline report made_report() {
  report r;
  r.seconds = 10;
  r.threads = 4;
  r.in_flight = 64;
  r.peak_in_flight = 40;
  r.ram = 512 * mib;
  r.cpu.cores = 4;
  stage_report media;
  media.name = "media";
  media.use = "media.files";
  media.shape = "source";
  media.calls = media.values = 1600;
  media.busy_seconds = 12;
  media.parallel = media.peak_parallel = 4;
  stage_report tag;
  tag.name = "tag";
  tag.use = "pets.classify";
  tag.shape = "model";
  tag.device = "cuda:0";
  tag.calls = tag.values = 1600;
  tag.busy_seconds = 2;
  tag.parallel = tag.peak_parallel = 4;
  tag.batches = 100;
  tag.rows = 1600;
  tag.batch = tag.row_ceiling = 16;
  tag.session_seconds = 9;
  tag.slots = tag.peak_slots = 2;
  tag.rowless_seconds = 0.5;
  r.stages = {media, tag};
  device_report gpu;
  gpu.name = "cuda:0";
  gpu.card = "NVIDIA GeForce RTX 5080";
  gpu.total = 16303 * mib;
  gpu.budget = 14255 * mib;
  gpu.pool = 13000 * mib;
  gpu.peak = 2000 * mib;
  gpu.busy = 0.9;
  gpu.samples = 40;
  gpu.gpu_busy = 0.45;
  gpu.used = gpu.peak_used = 3000 * mib;
  r.devices = {gpu};
  return r;
}

inline std::string limit_of(report r, process_time spent = {14, 0}, std::uint64_t withheld = 0) {
  find_limit(r, spent, withheld);
  return r.limit;
}

}  // namespace flowrun::core
