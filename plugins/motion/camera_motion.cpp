#include "camera_motion.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <optional>
#include <random>

#include "flow_samples.hpp"

namespace motion {
namespace {

constexpr int hypotheses = 256;  // three cells each: with 40 % of the cells on the scene, 1 - 5e-8 of finding it
constexpr std::size_t judges = 600;
constexpr std::size_t enough_samples = 1500;  // more make nothing more precise
constexpr int reweightings = 12;

double square_residue(const affine_flow& f, const flow_sample& s) {
  const double u = s.u - (f.dx + f.xx * s.x + f.xy * s.y), v = s.v - (f.dy + f.yx * s.x + f.yy * s.y);
  return u * u + v * v;
}

// Weighted least squares of u and v over (1, x, y); both have the same normal matrix.
class affine_sums {
 public:
  // Positions are divided by `unit`, px, so that the normal matrix is well conditioned.
  explicit affine_sums(double unit) : unit_(unit) {}

  void add(const flow_sample& s, double weight) {
    const double x = s.x / unit_, y = s.y / unit_, wx = weight * x, wy = weight * y;
    weight_ += weight;
    x_ += wx;
    y_ += wy;
    xx_ += wx * x;
    xy_ += wx * y;
    yy_ += wy * y;
    u_ += cv::Vec3d(weight * s.u, wx * s.u, wy * s.u);
    v_ += cv::Vec3d(weight * s.v, wx * s.v, wy * s.v);
  }
  std::optional<affine_flow> solve() const {
    const cv::Matx33d normal(weight_, x_, y_, x_, xx_, xy_, y_, xy_, yy_);
    // Below 1e-6 the samples stand on a line or in a point, as seen from the size of the picture.
    if (!(weight_ > 0) || cv::determinant(normal) < 1e-6 * weight_ * weight_ * weight_) return std::nullopt;
    bool solved = false;
    const cv::Matx33d inverse = normal.inv(cv::DECOMP_CHOLESKY, &solved);
    if (!solved) return std::nullopt;
    const cv::Vec3d u = inverse * u_, v = inverse * v_;
    return affine_flow{u[0], v[0], u[1] / unit_, u[2] / unit_, v[1] / unit_, v[2] / unit_};
  }

 private:
  double unit_;
  double weight_ = 0, x_ = 0, y_ = 0, xx_ = 0, xy_ = 0, yy_ = 0;
  cv::Vec3d u_, v_;
};

double median(std::vector<double>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// The motion of the cells' median alone: what is left where there are too few cells for more.
affine_flow median_shift(const std::vector<flow_sample>& samples) {
  std::vector<double> u, v;
  for (const flow_sample& s : samples) {
    u.push_back(s.u);
    v.push_back(s.v);
  }
  affine_flow shift;
  shift.dx = median(u);
  shift.dy = median(v);
  return shift;
}

// `limit`: square of the residue, px, above which a cell counts as not following.
double cost(const affine_flow& f, const std::vector<flow_sample>& samples, std::size_t step, double limit) {
  double sum = 0;
  for (std::size_t i = 0; i < samples.size(); i += step) sum += std::min(square_residue(f, samples[i]), limit);
  return sum;
}

// A generator of its own with a fixed start: cv::theRNG() belongs to the thread and remembers earlier frames.
affine_flow best_hypothesis(const std::vector<flow_sample>& samples, double unit, double limit) {
  const std::size_t step = std::max<std::size_t>(1, samples.size() / judges);
  affine_flow best = median_shift(samples);
  double least = cost(best, samples, step, limit);
  std::minstd_rand numbers(1);
  for (int i = 0; i < hypotheses; ++i) {
    affine_sums sums(unit);
    for (int k = 0; k < 3; ++k) sums.add(samples[numbers() % samples.size()], 1);
    const std::optional<affine_flow> hypothesis = sums.solve();
    if (!hypothesis) continue;
    const double found = cost(*hypothesis, samples, step, limit);
    if (found < least) {
      least = found;
      best = *hypothesis;
    }
  }
  return best;
}

std::vector<flow_sample> thinned(std::vector<flow_sample> samples) {
  const std::size_t step = (samples.size() + enough_samples - 1) / enough_samples, size = samples.size() / step;
  for (std::size_t i = 0; i < size; ++i) samples[i] = samples[i * step];
  samples.resize(size);
  return samples;
}

// Tukey's biweight; its width follows the median residue, from `limit` downwards.
affine_flow refine(affine_flow flow, const std::vector<flow_sample>& samples, double unit, double limit) {
  constexpr double narrowest = 0.15 * 0.15;  // px^2; flow is not more precise than that
  std::vector<double> followers;
  for (int round = 0; round < reweightings; ++round) {
    followers.clear();
    for (const flow_sample& s : samples) {
      const double r = square_residue(flow, s);
      if (r < limit) followers.push_back(r);
    }
    if (followers.empty()) break;
    // 4.685 x 1.4826 x median residue: 95 % efficient on normal noise.
    const double width = std::clamp(48.2 * median(followers), narrowest, limit);
    affine_sums sums(unit);
    for (const flow_sample& s : samples) {
      const double r = square_residue(flow, s) / width;
      if (r < 1) sums.add(s, (1 - r) * (1 - r));
    }
    const std::optional<affine_flow> better = sums.solve();
    if (!better) break;
    flow = *better;
  }
  return flow;
}

}  // namespace

camera_motion find_camera_motion(const cv::Mat& grey, const cv::Mat& vectors, pixel_scale scale) {
  const std::vector<flow_sample> samples = thinned(take_flow_samples(grey, vectors, scale));
  const double unit = std::max(1.0, std::hypot(grey.cols * scale.x, grey.rows * scale.y) / 2);
  const affine_flow shift = median_shift(samples);
  // Flow is less exact where it is long.
  const double tolerance = 0.5 * std::max(scale.x, scale.y) + 0.05 * std::hypot(shift.dx, shift.dy);
  const double limit = tolerance * tolerance;

  camera_motion found;
  found.flow = refine(best_hypothesis(samples, unit, limit), samples, unit, limit);
  const auto follows = [&](const flow_sample& s) { return square_residue(found.flow, s) < limit; };
  found.support =
      static_cast<double>(std::count_if(samples.begin(), samples.end(), follows)) / static_cast<double>(samples.size());
  return found;
}

double rotation_of(const affine_flow& flow) {
  const double angle = std::atan2(flow.xy - flow.yx, 2 + flow.xx + flow.yy) * 180 / CV_PI;
  return angle == 0 ? 0 : angle;  // not -0
}

double scale_of(const affine_flow& flow) {
  return std::sqrt(std::max(0.0, (1 + flow.xx) * (1 + flow.yy) - flow.xy * flow.yx));
}

}  // namespace motion
