// Dense optical flow by OpenCV: where every pixel of one frame went.
#pragma once
#include <opencv2/core.hpp>
#include <opencv2/video/tracking.hpp>
#include <string>

namespace motion {

struct flow_settings {
  std::string method = "dis";                   // dis, farneback
  std::string preset = "fast";                  // of dis: ultrafast, fast, medium
  int levels = 3, window = 15, iterations = 3;  // of farneback
};

// Not safe to share between threads: a cv::DISOpticalFlow holds the buffers of its call.
class dense_flow {
 public:
  // Both 8 bit, one channel, of equal size, continuous. Gives CV_32FC2 (x right, y down, in px of these frames) in
  // memory of its own. What earlier calls were given has no effect.
  cv::Mat find(const cv::Mat& previous, const cv::Mat& current, const flow_settings& settings);

 private:
  cv::Mat find_unpadded(const cv::Mat& previous, const cv::Mat& current, const flow_settings& settings);
  void prepare_dis(const std::string& preset);

  cv::Ptr<cv::DISOpticalFlow> dis_;
  std::string preset_;
  int finest_scale_ = 0, patch_size_ = 0, patch_stride_ = 0;
};

}  // namespace motion
