#include "call_in_arena.hpp"

#include <oneapi/tbb/task_arena.h>

namespace flowrun::core {

void call_in_arena(int threads, const std::function<void()>& call) {
  oneapi::tbb::task_arena arena(threads);
  arena.execute(call);
}

}  // namespace flowrun::core
