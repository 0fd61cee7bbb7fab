#include "find_output.hpp"

#include <doctest/doctest.h>

#include "made_models.hpp"

using namespace model_stages;
using model_stages::test::floats;
using model_stages::test::made_model;

namespace {

flowrun::model_file two_outputs() {
  flowrun::model_file m = made_model("classify", {floats("embedding", 6), floats("logits", 3)});
  m.labels = {"a", "b", "c"};
  return m;
}

}  // namespace

TEST_CASE("the output of the scores: the only one, the one of the labels' size, or the named one") {
  flowrun::model_file one = made_model("classify", {floats("scores", 4)});
  CHECK(find_score_output(one, "") == 0);
  flowrun::model_file m = two_outputs();
  CHECK(find_score_output(m, "") == 1);
  CHECK(find_score_output(m, "logits") == 1);
  m.labels.clear();
  CHECK(find_score_output(m, "embedding") == 0);
  CHECK_THROWS_WITH_AS(
      find_score_output(m, ""),
      "the model 'made' (models/made.yaml) has several outputs: embedding [6], logits [3]; name one of "
      "them with 'output'",
      flowrun::input_error);
}

TEST_CASE("an output that does not fit the labels, does not exist or is not float32") {
  flowrun::model_file m = two_outputs();
  CHECK_THROWS_WITH_AS(
      find_score_output(m, "embedding"),
      "output 'embedding' of the model 'made' (models/made.yaml) has 6 values, but there are 3 labels; "
      "name the output of the scores with 'output'",
      flowrun::input_error);
  CHECK_THROWS_WITH_AS(find_score_output(m, "logit"),
                       "the model 'made' (models/made.yaml) has no output 'logit', which 'output' names; it has: "
                       "embedding [6], logits [3]",
                       flowrun::input_error);
  m.outputs[1].type = flowrun::dtype::int64;
  CHECK_THROWS_WITH_AS(find_score_output(m, ""),
                       "output 'logits' of the model 'made' (models/made.yaml) is int64; only float32 is read here, "
                       "model.tensor gives the others",
                       flowrun::input_error);
  m.outputs.push_back(floats("more", 3));
  CHECK_THROWS_AS(find_score_output(m, ""), flowrun::input_error);  // two of the labels' size
}

TEST_CASE("the output of the vector: the only one, the one named embedding, or the named one") {
  CHECK(find_vector_output(made_model("", {floats("scores", 4)}), "") == 0);
  CHECK(find_vector_output(two_outputs(), "") == 0);
  CHECK(find_vector_output(two_outputs(), "logits") == 1);
  CHECK_THROWS_WITH_AS(find_vector_output(made_model("", {floats("a", 4), floats("b", 5)}), "", "embedding_output"),
                       "the model 'made' (models/made.yaml) has several outputs: a [4], b [5]; name one of them with "
                       "'embedding_output'",
                       flowrun::input_error);
}

TEST_CASE("any output: the only one or the named one") {
  CHECK(find_output(made_model("", {floats("scores", 4)}), "") == 0);
  CHECK(find_output(two_outputs(), "logits") == 1);
  CHECK_THROWS_AS(find_output(two_outputs(), ""), flowrun::input_error);
}
