// What the plain loops share that flowrun is measured against.
#pragma once
#include <chrono>
#include <opencv2/core/utility.hpp>

namespace bare {

#if defined(__clang__)
inline constexpr auto compiler = "clang " __clang_version__;
#else
inline constexpr auto compiler = "g++ " __VERSION__;
#endif

// Each loop is one thread: the clock starts here.
class stopwatch {
 public:
  stopwatch() {
    cv::setNumThreads(1);
    begin_ = std::chrono::steady_clock::now();
  }
  double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count(); }

 private:
  std::chrono::steady_clock::time_point begin_;
};

}  // namespace bare
