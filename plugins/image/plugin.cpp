// The plugin's stages.
#include <flowrun/process.hpp>
#include <opencv2/core.hpp>

#include "resize.hpp"
#include "write.hpp"

// OpenCV runs on the same cores as the stages; threads of its own inside a call only get in the way.
FLOWRUN_PROCESS_SETUP(options) {
  cv::setNumThreads(1);
}

FLOWRUN_PLUGIN("image", "0.2.0", image_write::write, image_resize::resize)
