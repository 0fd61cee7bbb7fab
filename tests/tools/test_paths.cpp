#include "test_paths.hpp"

namespace test_paths {
const char* const source = FLOWRUN_SOURCE_DIR;
const char* const tests = FLOWRUN_SOURCE_DIR "/tests";
const char* const build = FLOWRUN_BUILD_DIR;
}  // namespace test_paths
