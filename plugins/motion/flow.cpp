#include "flow.hpp"

#include <string>

namespace motion {
namespace {

std::string size_text(const flowrun::image& i) {
  return std::to_string(i.width) + "x" + std::to_string(i.height);
}

// Keeps the matrix alive instead of copying it.
flowrun::tensor to_tensor(cv::Mat vectors) {
  flowrun::tensor t{flowrun::dtype::float32, {vectors.rows, vectors.cols, 2}, {}};
  auto owner = std::make_shared<cv::Mat>(std::move(vectors));
  t.data = std::shared_ptr<void>(owner, owner->data);
  return t;
}

}  // namespace

void flow::describe(flowrun::description<flow>& d) {
  d.doc(
      "Dense optical flow from the previous frame to the current one: how fast and where the picture moves, what of it "
      "is the camera and what objects, and whether a new shot begins. Flow is found on grey frames no larger than "
      "max_side; all results are in px of the original frame. The first frame of a stream has no flow; neither has one "
      "whose size differs from the previous one's. Output flow: float32 [height, width, 2] of the working size, per "
      "pixel of the previous frame its way to the right and down, px of the original frame.");
  d.param(
       "method", &flow::method,
       "dis: dense inverse search (Kroeger, Timofte, Dai, Van Gool 2016); farneback: polynomial expansion (Farneback "
       "2003), some times slower")
      .one_of({"dis", "farneback"});
  d.param("preset", &flow::preset,
          "dis: OpenCV's presets; medium takes about four times fast's time and finds the edges of moving things "
          "better")
      .one_of({"ultrafast", "fast", "medium"});
  d.param("levels", &flow::levels, "farneback: levels of the pyramid, each half the size of the one before")
      .range(1, 10);
  d.param("window", &flow::window, "farneback: side of the window that flow is averaged over").range(3, 101).unit("px");
  d.param("iterations", &flow::iterations, "farneback: iterations on each level").range(1, 20);
  d.param("max_side", &flow::max_side, "longer side of the frames flow is found on, never enlarged; 0: full size")
      .range(0, 16384)
      .unit("px");
  d.param("min_magnitude", &flow::min_magnitude,
          "length, in the original frame, up to which a vector counts as still: not in moving, direction and histogram")
      .range(0, 100)
      .unit("px");
  d.param(
       "scene_cut", &flow::scene_cut,
       "cut_score from which on the current frame begins another shot; unlike pictures score 0.6 to 1, moved, darker, "
       "noisy or blurred ones below 0.45, a pan by a fifth of the width in one frame up to 0.8")
      .range(0, 1);
  d.window(&flow::run, {"image"}, {"motion", "flow"});
}

std::tuple<frame_motion, flowrun::tensor> flow::run(const flowrun::image& previous,
                                                    const flowrun::image& current) const {
  if (previous.width != current.width || previous.height != current.height)
    throw flowrun::skip("the frame's size changed from " + size_text(previous) + " to " + size_text(current));
  const auto scratch = scratch_.take();
  measured found = measure(flowrun::view(previous), flowrun::view(current), *this, *scratch);
  return {found.values, to_tensor(std::move(found.vectors))};
}

}  // namespace motion
