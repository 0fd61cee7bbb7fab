#include "detect.hpp"

#include <algorithm>

#include "suppress_overlaps.hpp"

namespace faces {

void detect::describe(flowrun::description<detect>& d) {
  d.doc(
      "The faces of a picture: a box, five landmarks and a score for each.\n\n"
      "```yaml\n"
      "flowrun: 1\n"
      "stages:\n"
      "  media: {use: media.files, params: {path: photos}}\n"
      "  found: {use: faces.detect, in: media.image}\n"
      "keep: [found.faces]\n"
      "```\n\n"
      "The model is CenterFace (MIT), of 7.3 MB; `flowrun models fetch centerface` gets it. It runs on the CPU, one "
      "picture in a call. Where LibTorch is there, `model: centerface-torch` is faster: `flowrun models fetch "
      "centerface-torch` gets it, and then `flowrun models compile centerface-torch` compiles it.\n\n"
      "- The whole picture is put into 640 x 640 px, with black beside it. Of 200 faces side by side nearly all were "
      "found where they are 24 px wide there, two thirds with 21 px, hardly any with 13 px. So in a picture of 3840 px "
      "a face should be 150 px wide.\n"
      "- A picture without faces has an empty list, not a skip.\n"
      "- Boxes and landmarks are px of the picture with fractions. They are not clipped: the box of a face that is cut "
      "off by the border reaches beyond it.\n"
      "- The face with the highest score is the first.\n"
      "- `boxes` has the same rectangles in the same order, for stages that take any, such as `regions` of "
      "categorize.image.");
  d.param("threshold", &detect::threshold, "least score; lower: more faces, and more that are none").range(0.01, 1);
  d.param("min_size", &detect::min_size, "least width and height of a box in the picture; smaller faces are left out")
      .range(0, 100000)
      .unit("px");
  d.param("overlap", &detect::overlap,
          "two boxes that share more of their joined area are one face, and the one with the lower score is left out")
      .range(0, 1);
  d.param("max_faces", &detect::max_faces, "most faces of a picture; those with the highest scores are kept")
      .range(1, 25600);
  d.model("net", &detect::prepare, &detect::finish, {"image"}, {"faces", "boxes"})
      .file("centerface")
      .task("face-detection")
      .images()
      .batch(1);
  d.start(&detect::start);
}

void detect::start(const flowrun::model_calls& calls) {
  layout_ = read_layout(calls.model());
}

std::tuple<face_list, flowrun::boxes> detect::finish(const flowrun::image& in, std::span<const flowrun::placement> at,
                                                     const flowrun::result_rows& rows) const {
  face_list found;
  found.width = in.width;
  found.height = in.height;
  found.list =
      read_faces({rows.values(0, 0), rows.values(0, 1), rows.values(0, 2), rows.values(0, 3)}, layout_, threshold);
  for (face& f : found.list) to_picture(f, at[0]);
  const auto is_small = [this](const face& f) { return std::min<double>(f.w, f.h) < min_size; };
  found.list.erase(std::remove_if(found.list.begin(), found.list.end(), is_small), found.list.end());
  suppress_overlaps(found.list, overlap, static_cast<std::size_t>(max_faces));
  flowrun::boxes boxes;
  boxes.width = in.width;
  boxes.height = in.height;
  for (const face& f : found.list) boxes.list.push_back({f.x, f.y, f.w, f.h, f.score});
  return {std::move(found), std::move(boxes)};
}

}  // namespace faces
