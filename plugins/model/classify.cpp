#include "classify.hpp"

#include "find_output.hpp"

namespace model_stages {

void classify::describe(flowrun::description<classify>& d) {
  d.doc(
      "The best labels of a picture, by any classifier that has a model file.\n\n"
      "A network of your own needs a model file `mynet.yaml` with `task: classify` and its `labels`, and this "
      "graph:\n\n"
      "```yaml\n"
      "flowrun: 1\n"
      "stages:\n"
      "  media: {use: media.files, params: {path: photos}}\n"
      "  tag: {use: model.classify, in: media.image, model: mynet}\n"
      "keep: [tag]\n"
      "```\n\n"
      "- The picture becomes the network's one input as the model file's `preprocess` says. A model with more "
      "inputs, or one that takes no image, is a problem of the graph.\n"
      "- `regions`, such as faces, are boxes in px: then each of them is cut out and classified, and the answer has "
      "a list for each, in their order. No regions in a picture: no lists. A box may reach beyond the picture, whose "
      "border then repeats; one without a size is an error of the item. Where the stage that finds them has no value "
      "for an item, the whole picture is taken.\n"
      "- `output` is for models with several: without it the only one is read, or the one with as many values as "
      "there are labels. A model without labels answers with the numbers of its classes, from 0 on.\n"
      "- A label whose score is below `threshold` is left out; so a list may be short, or empty.");
  d.param("top", &classify::top, "most labels of a list").range(1, 1000);
  d.param("scores", &classify::scores,
          "what is made of the network's values: softmax: shares of 1; sigmoid: each for itself, for networks whose "
          "labels do not exclude each other; raw: left as they are")
      .one_of({"softmax", "sigmoid", "raw"});
  d.param("threshold", &classify::threshold, "least score; raw ones may be negative");
  d.param("output", &classify::output, "the model's output that has the scores; empty: see above");
  d.model("net", &classify::prepare, &classify::finish, {"image", "regions"}, {"labels"}).task("classify").images();
  d.start(&classify::start);
}

void classify::start(const flowrun::model_calls& calls) {
  output_ = find_score_output(calls.model(), output);
}

label_lists classify::finish(const flowrun::image&, const flowrun::boxes*, const flowrun::result_rows& rows) const {
  label_lists found;
  for (std::size_t i = 0; i < rows.size(); ++i)
    found.labels.push_back(top_labels(rows.values(i, output_), rows.model().labels, *this));
  return found;
}

}  // namespace model_stages
