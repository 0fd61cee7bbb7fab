// The RAM bound: a reservation made before an item is read, from what items of its size grew to so far.
#include <algorithm>

#include "run_state.hpp"

namespace flowrun::core {

// Rises at once, falls by 1/64 of the distance per item.
static void follow(double& held, double seen) {
  held = seen > held ? seen : held - (held - seen) / 64;
}

bool run_state::reserve_read() {
  if (options.ram == 0) return true;
  std::lock_guard lock(ram_mutex);
  // One item is always admitted: a bound below a single item slows the run, it does not end it.
  if (live.load() == 0) return true;
  // Until one item told what it grows to, only as many as can be worked on.
  bool fits = measured ? static_cast<double>(reserved) + growth * estimate <= static_cast<double>(options.ram)
                       : live.load() < options.threads &&
                             static_cast<double>(reserved) + growth * estimate <= static_cast<double>(options.ram);
  if (fits) return true;
  ++withheld;
  if (measured) ++reads_withheld;
  return false;
}

void run_state::reserve_item(item* it) {
  if (options.ram == 0) return;
  std::lock_guard lock(ram_mutex);
  double own = it->ref->bytes > 0 ? static_cast<double>(it->ref->bytes) : estimate;
  if (it->ref->bytes > 0) follow(estimate, own);
  it->estimate = static_cast<std::int64_t>(own);
  it->reserved = static_cast<std::int64_t>(own * growth);
  reserved += it->reserved;
}

void run_state::return_reservation(item* it) {
  if (options.ram == 0) return;
  std::lock_guard lock(ram_mutex);
  reserved -= it->reserved;
  auto peak = static_cast<double>(it->peak_bytes.load());
  if (it->peak_bytes.load() > static_cast<std::int64_t>(options.ram) && it->peak_bytes.load() > largest_item_bytes) {
    largest_item_bytes = it->peak_bytes.load();
    largest_item = it->ref->key;
  }
  // Without a hint of its own an item is estimated by the peaks of those before it, which is all its growth.
  if (it->ref->bytes == 0) follow(estimate, peak);
  double grown = it->ref->bytes == 0 ? 1.0 : peak / static_cast<double>(it->estimate);
  if (measured)
    follow(growth, grown);
  else
    growth = std::max(1.0, grown);
  measured = true;
}

void run_state::forget_reservation(item* it) {
  if (options.ram == 0) return;
  std::lock_guard lock(ram_mutex);
  reserved -= it->reserved;
}

int run_state::take_withheld() {
  std::lock_guard lock(ram_mutex);
  if (withheld == 0) return 0;
  --withheld;
  return 1;
}

}  // namespace flowrun::core
