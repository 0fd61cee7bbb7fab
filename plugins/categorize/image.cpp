#include "image.hpp"

#include <algorithm>
#include <filesystem>
#include <flowrun/opencv.hpp>
#include <opencv2/imgcodecs.hpp>

#include "../model/find_output.hpp"
#include "../model/normalize.hpp"
#include "example_folder.hpp"

namespace categorize {

namespace {

// Examples that are held decoded at once: one of 12 megapixels takes 36 MB.
constexpr std::size_t most_pictures = 16;

// Empty: it is no picture that OpenCV reads.
flowrun::image read_picture(const std::filesystem::path& file) {
  try {
    return flowrun::share(cv::imread(file.string(), cv::IMREAD_COLOR));
  } catch (const cv::Exception&) {
    return {};
  }
}

// Row i of a tensor whose first side counts rows.
std::vector<float> row_of(const flowrun::tensor& t, std::size_t i) {
  const std::span<const float> all = t.values<const float>();
  const std::size_t each = all.size() / static_cast<std::size_t>(t.shape[0]);
  const auto begin = all.begin() + static_cast<std::ptrdiff_t>(i * each);
  return {begin, begin + static_cast<std::ptrdiff_t>(each)};
}

}  // namespace

void image::describe(flowrun::description<image>& d) {
  d.doc(
      "What a picture shows: its labels after ImageNet, an embedding, and categories of your own.\n\n"
      "```yaml\n"
      "flowrun: 1\n"
      "stages:\n"
      "  media: {use: media.files, params: {path: photos}}\n"
      "  what: {use: categorize.image, in: media.image}\n"
      "keep: [what.pictures]\n"
      "```\n\n"
      "The model is EfficientNet-Lite0 (Apache-2.0), of 18.8 MB; `flowrun models fetch efficientnet-lite0` gets it. "
      "It knows the 1000 classes of ImageNet (animals, things, places; hardly any people), and says the most likely "
      "ones even of a picture that shows none of them. The embedding has the length 1.\n\n"
      "**Categories of your own.** `categories` names a folder with one sub-folder for each category, named like it, "
      "with example pictures in it:\n\n"
      "```\n"
      "examples/beach/a.jpg\n"
      "examples/beach/b.jpg\n"
      "examples/office/c.png\n"
      "```\n\n"
      "- Before the first item the network looks at the examples. A category is the mean of their embeddings, each "
      "of length 1; a picture belongs to the category whose mean points most like its own embedding. Below "
      "`threshold` it is `unknown`. Which threshold is right depends on how much the categories differ: look at "
      "`similarity` first.\n"
      "- Examples are read by OpenCV: JPEG, PNG, BMP, TIFF and WebP, whatever they are called, turned as their Exif "
      "tag says. Other files, and names that begin with a dot, are passed over; log.txt says how many. A category "
      "without a picture, and a folder without categories, end the run before anything is read (65).\n"
      "- What the examples are is part of the results: another picture among them, or another name of a category, "
      "and everything is computed anew. Where the folder lies is not.\n\n"
      "**Regions**, such as faces, are boxes in px: then each of them is cut out, and the answer has a list of "
      "labels, a category and an embedding for each, in their order. No regions in a picture: an empty answer. Where "
      "the stage that finds them has no value for an item, the whole picture is taken.\n\n"
      "**Another model** (`model: mynet`) needs the task `classify`, one input that takes an image, and an output "
      "with the embedding. The scores are expected as logits, before a softmax.");
  d.param("top", &image::top, "most labels of a list").range(1, 1000);
  d.param("min_score", &image::min_score, "labels with a lower score are left out; scores are shares of 1 (softmax)")
      .range(0, 1);
  d.param("categories", &image::categories, "folder of examples for categories of your own; empty: none").content();
  d.param("threshold", &image::threshold, "least similarity to the nearest category; below it: unknown").range(-1, 1);
  d.param("output", &image::output,
          "the model's output that has the scores; empty: the one with as many values as there are labels");
  d.param("embedding_output", &image::embedding_output,
          "the model's output that has the embedding; empty: the one named embedding, or the only one");
  d.model("net", &image::prepare, &image::finish, {"image", "regions"}, {"pictures", "embedding"})
      .file("efficientnet-lite0")
      .task("classify")
      .images();
  d.start(&image::start);
}

void image::open(const flowrun::stage_context& context) {
  log_ = context.log;
}

void image::start(const flowrun::model_calls& calls) {
  scores_ = model_stages::find_score_output(calls.model(), output);
  vector_ = model_stages::find_vector_output(calls.model(), embedding_output, "embedding_output");
  if (!categories.empty()) learn(calls);
}

// The network looks at them, and they become part of the category that was begun.
void image::look_at(std::vector<example>& batch, const flowrun::model_calls& calls) {
  const std::vector<flowrun::tensor> out =
      calls.run(batch.size(), [&](std::size_t i, flowrun::row& row) { row.put(batch[i].picture); });
  for (std::size_t i = 0; i < batch.size(); ++i) {
    try {
      known_.add(row_of(out[vector_], i));
    } catch (const std::runtime_error& e) {
      throw flowrun::input_error("the example " + batch[i].file.string() + ": " + e.what() +
                                 "; take it out, or another model");
    }
  }
  batch.clear();
}

void image::learn(const flowrun::model_calls& calls) {
  std::size_t all = 0, passed_over = 0;
  for (const examples& of : list_examples(categories)) {
    known_.begin(of.category);
    std::size_t read = 0;
    std::vector<example> batch;
    for (const std::filesystem::path& file : of.files) {
      flowrun::image picture = read_picture(file);
      if (picture.empty()) {
        ++passed_over;
        continue;
      }
      batch.push_back({file, std::move(picture)});
      ++read;
      if (batch.size() >= std::min(calls.batch(), most_pictures)) look_at(batch, calls);
    }
    if (read == 0)
      throw flowrun::input_error(
          "the category '" + of.category + "' (" + categories + "/" + of.category +
          ") has no picture that can be read; put examples in it (JPEG, PNG, BMP, TIFF or WebP), "
          "or remove it");
    look_at(batch, calls);
    known_.end();
    all += read;
  }
  log_(flowrun::log_level::info,
       std::to_string(known_.size()) + " categories of " + std::to_string(all) +
           " examples; files that are no pictures and were passed over: " + std::to_string(passed_over));
}

std::tuple<pictures, model_stages::embedding> image::finish(const flowrun::image&, const flowrun::boxes*,
                                                            const flowrun::result_rows& rows) const {
  pictures found;
  model_stages::embedding vectors;
  vectors.size = static_cast<int>(rows.model().outputs[vector_].row_values());
  vectors.values.reserve(rows.size() * static_cast<std::size_t>(vectors.size));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    found.labels.push_back(
        model_stages::top_labels(rows.values(i, scores_), rows.model().labels, {top, "softmax", min_score}));
    const auto given = rows.values(i, vector_);
    std::vector<float> vector(given.begin(), given.end());
    model_stages::normalize(vector);
    if (!known_.empty()) {
      const nearest_category nearest = known_.find_nearest(vector);
      const std::string& category = known_.name(nearest.index);
      found.categories.push_back(
          {nearest.similarity < threshold ? unknown : category, category, static_cast<float>(nearest.similarity)});
    }
    vectors.values.insert(vectors.values.end(), vector.begin(), vector.end());
  }
  return {std::move(found), std::move(vectors)};
}

}  // namespace categorize
