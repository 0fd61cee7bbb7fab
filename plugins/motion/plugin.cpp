// The plugin's stages.
#include <flowrun/process.hpp>
#include <opencv2/core/utility.hpp>

#include "draw.hpp"
#include "flow.hpp"

// OpenCV runs on the same cores as the stages; threads of its own inside a call only get in the way.
FLOWRUN_PROCESS_SETUP(options) {
  cv::setNumThreads(1);
}

FLOWRUN_PLUGIN("motion", "1.0.0", motion::flow, motion::draw)
