// A call whose parallel loops, if it has any, keep to a number of threads.
#pragma once
#include <functional>

namespace flowrun::core {

// oneTBB's loops below `call` run on so many threads, this one among them, or as many as the process allows.
void call_in_arena(int threads, const std::function<void()>& call);

}  // namespace flowrun::core
