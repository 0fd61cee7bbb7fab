// The plugin's stages.
#include <flowrun/process.hpp>
#include <opencv2/core.hpp>

#include "detect.hpp"

// OpenCV runs on the same cores as the stages; threads of its own inside a call only get in the way.
FLOWRUN_PROCESS_SETUP(options) {
  cv::setNumThreads(1);
}

FLOWRUN_PLUGIN("faces", "0.1.0", faces::detect)
