#include "seam.hpp"

#ifdef FLOWRUN_SEAM
#include <atomic>
#include <chrono>
#include <functional>
#include <random>
#include <thread>

namespace flowrun::core {

static std::atomic<planted_bug> current_bug{planted_bug::none};
static std::atomic<bool> sleeps{true};

void seam() {
  if (!sleeps.load(std::memory_order_relaxed)) return;
  static thread_local std::minstd_rand random(
      static_cast<unsigned>(std::hash<std::thread::id>{}(std::this_thread::get_id())));
  unsigned dice = static_cast<unsigned>(random() >> 8);
  if (dice % 8 == 0)
    std::this_thread::sleep_for(std::chrono::microseconds(dice / 8 % 60));
  else if (dice % 8 == 1)
    std::this_thread::yield();
}

bool planted(planted_bug bug) {
  return current_bug.load(std::memory_order_relaxed) == bug;
}
void plant(planted_bug bug) {
  current_bug = bug;
}
void set_seam_sleeps(bool on) {
  sleeps = on;
}

}  // namespace flowrun::core
#endif
