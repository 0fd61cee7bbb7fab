// All values of two consecutive frames; the stage and perf/bare_motion.cpp call the same function.
#pragma once
#include <opencv2/core.hpp>

#include "dense_flow.hpp"
#include "frame_motion.hpp"
#include "object_motion.hpp"
#include "scene_cut.hpp"

namespace motion {

struct measure_settings : flow_settings {
  int max_side = 640;           // px, 0: full size
  double min_magnitude = 0.25;  // px of the original frame
  double scene_cut = 0.5;       // 0..1
};

// Memory kept between calls, for one call at a time.
struct measure_scratch {
  struct frame {
    cv::Mat grey, small;
  };
  frame previous, current;
  dense_flow flow;
  object_scratch objects;
  cut_scratch cut;
};

struct measured {
  frame_motion values;
  cv::Mat vectors;  // CV_32FC2 of the working size, continuous; x right, y down, px of the original frame
};

// Both HxW of the same size, 8 bit, 1 (grey), 3 (BGR) or 4 (BGRA) channels; not written to. Settings are in their
// ranges. The result depends on nothing else: not on earlier calls, not on the thread. Throws std::invalid_argument on
// an empty frame, another format, or frames of two sizes.
measured measure(const cv::Mat& previous, const cv::Mat& current, const measure_settings& settings,
                 measure_scratch& scratch);

}  // namespace motion
