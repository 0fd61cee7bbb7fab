// Two copies of oneTBB in one process would each have their own threads, and an uninstrumented one hides races from
// TSAN.
#include <doctest/doctest.h>

#include <fstream>
#include <opencv2/core.hpp>
#include <set>
#include <string>

TEST_CASE("exactly one libtbb is in this process's maps, with OpenCV loaded") {
  cv::setNumThreads(1);
  std::set<std::string> found;
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    std::size_t at = line.find('/');
    if (at != std::string::npos && line.find("libtbb.so", at) != std::string::npos) found.insert(line.substr(at));
  }
  CHECK(found.size() == 1);
#ifdef __SANITIZE_THREAD__
  // The instrumented one, built by tests/tools/tsan_tbb.sh, is not the system's.
  CHECK(found.begin()->find("/tsan-tbb-") != std::string::npos);
#endif
}
