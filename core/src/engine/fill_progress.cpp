#include "fill_progress.hpp"

namespace flowrun::core {

void fill_progress(progress& p, const dataflow_numbers& n, std::chrono::steady_clock::time_point began) {
  p.read = n.read;
  p.done = n.done;
  p.skipped = n.skipped;
  p.failed = n.failed;
  p.already = n.already;
  p.replayed = n.replayed;
  p.total = n.total;
  if (began != std::chrono::steady_clock::time_point{})
    p.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
}

}  // namespace flowrun::core
