#include "object_motion.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "picture_value.hpp"

namespace motion {
namespace {

constexpr float object_residue = 1;  // px
constexpr float least_gain = 1;      // luma levels
constexpr int cell = 4;              // working px; explained is judged over 3x3 cells

// The camera's flow along one row of the working frame: start + x * step.
struct camera_row {
  float u, v, u_step, v_step;

  camera_row(const affine_flow& f, int y, cv::Size size, pixel_scale scale) {
    const double from_centre = (y - (size.height - 1) / 2.0) * scale.y, left = -(size.width - 1) / 2.0 * scale.x;
    u = static_cast<float>(f.dx + f.xx * left + f.xy * from_centre);
    v = static_cast<float>(f.dy + f.yx * left + f.yy * from_centre);
    u_step = static_cast<float>(f.xx * scale.x);
    v_step = static_cast<float>(f.yx * scale.x);
  }
  float u_at(int x) const { return u + static_cast<float>(x) * u_step; }
  float v_at(int x) const { return v + static_cast<float>(x) * v_step; }
};

void find_residues(const cv::Mat& vectors, const affine_flow& camera, pixel_scale scale, cv::Mat& residues) {
  residues.create(vectors.size(), CV_32FC1);
  for (int y = 0; y < vectors.rows; ++y) {
    const camera_row of_camera(camera, y, vectors.size(), scale);
    const auto* in = vectors.ptr<float>(y);
    auto* out = residues.ptr<float>(y);
    for (int x = 0; x < vectors.cols; ++x) {
      const float u = in[2 * x] - of_camera.u_at(x), v = in[2 * x + 1] - of_camera.v_at(x);
      out[x] = std::sqrt(u * u + v * v);
    }
  }
}

// How much better the flow explains the picture than the camera motion does, per cell; found when first asked for.
class explanation {
 public:
  explanation(const cv::Mat& previous, const cv::Mat& current, const cv::Mat& vectors, const affine_flow& camera,
              pixel_scale scale, std::vector<float>& gains)
      : previous_(previous),
        current_(current),
        vectors_(vectors),
        camera_(camera),
        scale_(scale),
        per_px_x_(static_cast<float>(1 / scale.x)),
        per_px_y_(static_cast<float>(1 / scale.y)),
        columns_((previous.cols + cell - 1) / cell),
        rows_((previous.rows + cell - 1) / cell),
        gains_(gains) {
    gains_.assign(static_cast<std::size_t>(columns_) * static_cast<std::size_t>(rows_),
                  std::numeric_limits<float>::quiet_NaN());
  }

  bool needs_flow(int cx, int cy) {
    float sum = 0;
    int cells = 0;
    for (int y = std::max(cy - 1, 0); y <= std::min(cy + 1, rows_ - 1); ++y)
      for (int x = std::max(cx - 1, 0); x <= std::min(cx + 1, columns_ - 1); ++x, ++cells) sum += gain(x, y);
    return sum > least_gain * static_cast<float>(cells);
  }

 private:
  float gain(int cx, int cy) {
    float& known =
        gains_[static_cast<std::size_t>(cy) * static_cast<std::size_t>(columns_) + static_cast<std::size_t>(cx)];
    if (std::isnan(known)) known = measure_gain(cx * cell, cy * cell);
    return known;
  }
  // Mean luma levels over the cell's pixels of one colour of a chessboard; the others would tell the same.
  float measure_gain(int x0, int y0) const {
    const int x1 = std::min(x0 + cell, previous_.cols), y1 = std::min(y0 + cell, previous_.rows);
    float sum = 0;
    int pixels = 0;
    for (int y = y0; y < y1; ++y) {
      const camera_row of_camera(camera_, y, previous_.size(), scale_);
      const auto* flow = vectors_.ptr<float>(y);
      for (int x = x0 + (x0 + y) % 2; x < x1; x += 2, ++pixels) {
        const auto before = static_cast<float>(previous_.at<std::uint8_t>(y, x));
        sum += std::abs(before - moved(x, y, of_camera.u_at(x), of_camera.v_at(x))) -
               std::abs(before - moved(x, y, flow[2 * x], flow[2 * x + 1]));
      }
    }
    return pixels > 0 ? sum / static_cast<float>(pixels) : 0;
  }
  // The current frame where (x, y) went; beyond the frame, its border.
  float moved(int x, int y, float u, float v) const {
    const float to_x = static_cast<float>(x) + u * per_px_x_;
    const float to_y = static_cast<float>(y) + v * per_px_y_;
    return value_at(current_, std::clamp(to_x, 0.0f, static_cast<float>(current_.cols - 1)),
                    std::clamp(to_y, 0.0f, static_cast<float>(current_.rows - 1)));
  }

  const cv::Mat &previous_, &current_, &vectors_;
  affine_flow camera_;
  pixel_scale scale_;
  float per_px_x_, per_px_y_;  // working px per px of the original frame
  int columns_, rows_;
  std::vector<float>& gains_;
};

bool any_above(const cv::Mat& residues, const cv::Rect& area) {
  for (int y = area.y; y < area.y + area.height; ++y) {
    const auto* row = residues.ptr<float>(y);
    for (int x = area.x; x < area.x + area.width; ++x)
      if (row[x] > object_residue) return true;
  }
  return false;
}

}  // namespace

object_motion find_object_motion(const cv::Mat& previous, const cv::Mat& current, const cv::Mat& vectors,
                                 const affine_flow& camera, pixel_scale scale, object_scratch& scratch) {
  find_residues(vectors, camera, scale, scratch.residues);
  scratch.mask.create(vectors.size(), CV_8UC1);
  scratch.mask.setTo(0);
  explanation explained(previous, current, vectors, camera, scale, scratch.gains);
  int pixels = 0;
  for (int y = 0; y < vectors.rows; y += cell)
    for (int x = 0; x < vectors.cols; x += cell) {
      const cv::Rect area(x, y, std::min(cell, vectors.cols - x), std::min(cell, vectors.rows - y));
      if (!any_above(scratch.residues, area) || !explained.needs_flow(x / cell, y / cell)) continue;
      for (int row = area.y; row < area.y + area.height; ++row)
        for (int column = area.x; column < area.x + area.width; ++column)
          if (scratch.residues.at<float>(row, column) > object_residue) {
            scratch.mask.at<std::uint8_t>(row, column) = 255;
            ++pixels;
          }
    }
  return {pixels / static_cast<double>(vectors.total()), cv::mean(scratch.residues)[0]};
}

}  // namespace motion
