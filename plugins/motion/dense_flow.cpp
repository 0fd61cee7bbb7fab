#include "dense_flow.hpp"

#include <algorithm>
#include <opencv2/imgproc.hpp>

namespace motion {
namespace {

constexpr int smallest_side = 32;  // px; both methods need some patches of 8 px

cv::Mat pad(const cv::Mat& frame) {
  cv::Mat padded;
  cv::copyMakeBorder(frame, padded, 0, std::max(0, smallest_side - frame.rows), 0,
                     std::max(0, smallest_side - frame.cols), cv::BORDER_REPLICATE);
  return padded;
}

int preset_number(const std::string& preset) {
  if (preset == "ultrafast") return cv::DISOpticalFlow::PRESET_ULTRAFAST;
  return preset == "medium" ? cv::DISOpticalFlow::PRESET_MEDIUM : cv::DISOpticalFlow::PRESET_FAST;
}

}  // namespace

void dense_flow::prepare_dis(const std::string& preset) {
  if (!dis_ || preset_ != preset) {
    dis_ = cv::DISOpticalFlow::create(preset_number(preset));
    preset_ = preset;
    finest_scale_ = dis_->getFinestScale();
    patch_size_ = dis_->getPatchSize();
    patch_stride_ = dis_->getPatchStride();
  }
  // On a small frame calc() chooses these three anew and keeps the choice for all later frames.
  dis_->setFinestScale(finest_scale_);
  dis_->setPatchSize(patch_size_);
  dis_->setPatchStride(patch_stride_);
}

cv::Mat dense_flow::find_unpadded(const cv::Mat& previous, const cv::Mat& current, const flow_settings& settings) {
  cv::Mat vectors;  // empty: a matrix of the right size would be taken for a first guess
  if (settings.method == "farneback") {
    constexpr double pyramid_scale = 0.5, polynomial_sigma = 1.2;
    constexpr int polynomial_side = 5;
    cv::calcOpticalFlowFarneback(previous, current, vectors, pyramid_scale, settings.levels, settings.window,
                                 settings.iterations, polynomial_side, polynomial_sigma, 0);
  } else {
    prepare_dis(settings.preset);
    dis_->calc(previous, current, vectors);
  }
  return vectors;
}

cv::Mat dense_flow::find(const cv::Mat& previous, const cv::Mat& current, const flow_settings& settings) {
  if (previous.rows >= smallest_side && previous.cols >= smallest_side)
    return find_unpadded(previous, current, settings);
  const cv::Mat padded = find_unpadded(pad(previous), pad(current), settings);
  return padded(cv::Rect(0, 0, previous.cols, previous.rows)).clone();
}

}  // namespace motion
