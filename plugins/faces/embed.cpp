#include "embed.hpp"

#include <cmath>

#include "../model/find_output.hpp"
#include "../model/normalize.hpp"
#include "chip.hpp"

namespace faces {

void embed::describe(flowrun::description<embed>& d) {
  d.doc(
      "Each face of a picture as a vector: faces of one person lie close together.\n\n"
      "```yaml\n"
      "flowrun: 1\n"
      "stages:\n"
      "  media: {use: media.files, params: {path: photos}}\n"
      "  found: {use: faces.detect, in: media.image}\n"
      "  vectors: {use: faces.embed, in: {image: media.image, faces: found.faces}}\n"
      "keep: [vectors]\n"
      "```\n\n"
      "The model is dlib's network for faces (CC0), of 22.5 MB; `flowrun models fetch dlib-face` gets it. Its vectors "
      "have 128 numbers and are compared by their distance: dlib takes faces closer than 0.6 for one person's. 0.5 "
      "mistakes fewer people for each other: two of Debian's sample pictures are as near as 0.53. In bf16 the vectors "
      "of faces move by about 0.01, in fp16 by 0.001.\n\n"
      "- `faces` has been found in `image` itself: where it was found in a picture of another size, the item is an "
      "error.\n"
      "- Each face is turned, scaled and shifted so that its five landmarks lie as closely as can be (least squares) "
      "where the model wants them, and cut out at the size of its input. Beyond the picture the cutting is black. "
      "Where a face is at least twice as large as the cutting, the mean of its pixels is taken, so that nothing "
      "aliases.\n"
      "- No faces in a picture: no vectors. A face whose landmarks are no finite numbers, or all in one point, is an "
      "error of the item.\n\n"
      "**Quality** is the product of three numbers from 0 to 1, each of which says how far something lets the vector "
      "be trusted:\n\n"
      "- size: 1 where the face is at least as large in the picture as in the cutting; at half its size 0.5.\n"
      "- `sharpness`: v / (v + 100), where v is the variance of the cutting's Laplacian round eyes, nose and mouth, in "
      "grey levels. A small face that was enlarged is not sharp either.\n"
      "- `frontal`: where the nose lies between the eyes: 1 in the middle, 0 at or beyond one of them. It does not see "
      "whether a face looks up or down.\n\n"
      "With `min_quality` a face below it keeps its place in the list and its quality, but its vector is empty.\n\n"
      "**Another model** (`model: mynet`), such as ArcFace, needs the task `face-embedding`, one input that takes an "
      "image, and the constant `landmarks` that says where a face's landmarks lie in it; its model file is shown "
      "under [a network for faces](../model-file.md#a-network-for-faces). Vectors that are compared by their angle, "
      "such as ArcFace's, want `norm: unit`.");
  d.param("min_quality", &embed::min_quality, "faces of a lower quality get an empty vector").range(0, 1);
  d.param("norm", &embed::norm, "none: vectors as the network gives them; unit: each of length 1")
      .one_of({"none", "unit"});
  d.param("output", &embed::output,
          "the model's output that has the vector; empty: the one named embedding, or the only one");
  d.model("net", &embed::prepare, &embed::finish, {"image", "faces"}, {"vectors"})
      .file("dlib-face")
      .task("face-embedding")
      .images();
  d.start(&embed::start);
}

void embed::start(const flowrun::model_calls& calls) {
  template_ = read_face_template(calls.model());
  output_ = model_stages::find_vector_output(calls.model(), output);
}

face_quality embed::prepare(const flowrun::image& picture, const face_list& found, std::size_t i,
                            flowrun::row& row) const {
  if (picture.width != found.width || picture.height != found.height)
    throw std::runtime_error("the faces were found in a picture of " + std::to_string(found.width) + " x " +
                             std::to_string(found.height) + " px, but this one has " + std::to_string(picture.width) +
                             " x " + std::to_string(picture.height) + "; wire both inputs to the same picture");
  if (picture.empty()) throw std::runtime_error("the picture is empty, but has faces");
  const face& f = found.list[i];
  const similarity to_chip = align(f, template_, i);
  const flowrun::image chip = cut_chip(picture, to_chip, template_);
  row.put(chip);
  return rate(f, chip, template_, to_chip.scale());
}

face_vectors embed::finish(const flowrun::image&, const face_list&, std::span<const face_quality> qualities,
                           const flowrun::result_rows& rows) const {
  face_vectors all;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const face_quality& q = qualities[i];
    face_vector v{{}, static_cast<float>(q.product()), static_cast<float>(q.sharpness), static_cast<float>(q.frontal)};
    if (q.product() >= min_quality) {
      const auto values = rows.values(i, output_);
      v.vector.assign(values.begin(), values.end());
      for (float value : values)
        if (!std::isfinite(value))
          throw std::runtime_error("the network gave a vector with values that are no finite numbers");
      if (norm == "unit") model_stages::normalize(v.vector);
    }
    all.list.push_back(std::move(v));
  }
  return all;
}

}  // namespace faces
