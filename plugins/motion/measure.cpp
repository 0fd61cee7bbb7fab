#include "measure.hpp"

#include <stdexcept>

#include "camera_motion.hpp"
#include "flow_statistics.hpp"
#include "working_frame.hpp"

namespace motion {
namespace {

// From working px to px of the original frame.
void rescale(cv::Mat& vectors, pixel_scale scale) {
  if (scale.x == 1 && scale.y == 1) return;
  const auto sx = static_cast<float>(scale.x), sy = static_cast<float>(scale.y);
  for (int y = 0; y < vectors.rows; ++y) {
    auto* row = vectors.ptr<float>(y);
    for (int x = 0; x < vectors.cols; ++x) {
      row[2 * x] *= sx;
      row[2 * x + 1] *= sy;
    }
  }
}

}  // namespace

measured measure(const cv::Mat& previous, const cv::Mat& current, const measure_settings& settings,
                 measure_scratch& scratch) {
  if (previous.empty() || current.empty()) throw std::invalid_argument("an empty picture has no motion");
  if (previous.size() != current.size()) throw std::invalid_argument("the frames differ in size");
  const cv::Size size = working_size(current.size(), settings.max_side);
  const pixel_scale scale = scale_between(current.size(), size);
  const cv::Mat before = make_working_frame(previous, size, scratch.previous.grey, scratch.previous.small);
  const cv::Mat after = make_working_frame(current, size, scratch.current.grey, scratch.current.small);

  measured found;
  found.vectors = scratch.flow.find(before, after, settings);
  rescale(found.vectors, scale);

  const flow_statistics statistics = find_statistics(found.vectors, settings.min_magnitude);
  const camera_motion camera = find_camera_motion(before, found.vectors, scale);
  const object_motion objects = find_object_motion(before, after, found.vectors, camera.flow, scale, scratch.objects);
  frame_motion& values = found.values;
  values.mean_magnitude = statistics.mean;
  values.max_magnitude = statistics.max;
  values.moving = statistics.moving;
  values.direction = statistics.direction;
  values.direction_strength = statistics.strength;
  values.histogram = statistics.histogram;
  values.camera_dx = camera.flow.dx;
  values.camera_dy = camera.flow.dy;
  values.camera_rotation = rotation_of(camera.flow);
  values.camera_scale = scale_of(camera.flow);
  values.camera_support = camera.support;
  values.object_share = objects.share;
  values.mean_residue = objects.mean_residue;
  values.cut_score = cut_score(before, after, found.vectors, scale, scratch.cut);
  values.cut = values.cut_score >= settings.scene_cut;
  return found;
}

}  // namespace motion
