#include "embed.hpp"

#include "find_output.hpp"
#include "normalize.hpp"

namespace model_stages {

void embed::describe(flowrun::description<embed>& d) {
  d.doc(
      "A picture as a vector, by any network that has a model file.\n\n"
      "```yaml\n"
      "flowrun: 1\n"
      "stages:\n"
      "  media: {use: media.files, params: {path: photos}}\n"
      "  vector: {use: model.embed, in: media.image, model: mynet}\n"
      "keep: [vector]\n"
      "export: {npy: vectors}\n"
      "```\n\n"
      "- The picture becomes the network's one input as the model file's `preprocess` says. A model with more "
      "inputs, or one that takes no image, is a problem of the graph.\n"
      "- With `normalize: l2` each vector has the length 1, so that the scalar product of two is the cosine of their "
      "angle: 1 for pictures the network takes for alike. A vector of zeros stays one.\n"
      "- `regions`, such as faces, are boxes in px: then each of them is cut out and the answer has a vector for "
      "each, in their order. No regions in a picture: no vectors. Where the stage that finds them has no value for "
      "an item, the whole picture is taken.\n"
      "- `output` is for models with several: without it the only one is read, or the one named `embedding`. One "
      "with several sides is read as one long vector.");
  d.param("output", &embed::output, "the model's output that has the vector; empty: see above");
  d.param("normalize", &embed::normalize, "l2: to length 1; none: as the network gives it").one_of({"l2", "none"});
  d.model("net", &embed::prepare, &embed::finish, {"image", "regions"}, {"embedding"}).images();
  d.start(&embed::start);
}

void embed::start(const flowrun::model_calls& calls) {
  output_ = find_vector_output(calls.model(), output);
}

embedding embed::finish(const flowrun::image&, const flowrun::boxes*, const flowrun::result_rows& rows) const {
  embedding found;
  found.size = static_cast<int>(rows.model().outputs[output_].row_values());
  found.values.reserve(rows.size() * static_cast<std::size_t>(found.size));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto vector = rows.values(i, output_);
    const auto begin = static_cast<std::ptrdiff_t>(found.values.size());
    found.values.insert(found.values.end(), vector.begin(), vector.end());
    if (normalize == "l2") model_stages::normalize({found.values.begin() + begin, found.values.end()});
  }
  return found;
}

}  // namespace model_stages
