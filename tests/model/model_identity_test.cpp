// What changes a model's answers changes its fingerprint, and nothing else does.
#include "model/model_identity.hpp"

#include <doctest/doctest.h>

using namespace flowrun;
using flowrun::core::identify_model;

TEST_CASE("preprocess, labels, constants, method and precision count; names, licence and needs do not") {
  model_file m;
  m.name = "net";
  m.preprocess["image"].width = 8;
  m.labels = {"cat", "dog"};
  m.constants["threshold"] = 0.5;
  model_variant v;
  v.backend = "sim";
  const std::string one = identify_model(m, v, "ab", "fp32");
  CHECK(one.size() == 64);
  auto changed = [&](auto change) {
    model_file other = m;
    model_variant variant = v;
    change(other, variant);
    return identify_model(other, variant, "ab", "fp32") != one;
  };
  CHECK(changed([](model_file& o, model_variant&) { o.preprocess["image"].mean[2] = 1; }));
  CHECK(changed([](model_file& o, model_variant&) { o.preprocess["image"].mode = resize_mode::letterbox; }));
  CHECK(changed([](model_file& o, model_variant&) { o.labels = {"catd", "og"}; }));
  CHECK(changed([](model_file& o, model_variant&) { o.constants["threshold"] = 0.25; }));
  CHECK(changed([](model_file& o, model_variant&) { o.stream_state = true; }));
  CHECK(changed([](model_file&, model_variant& w) { w.method = "encode"; }));
  m.inputs.push_back({"x", dtype::float32, {{1, 8}}, {}});
  const std::string ranged = identify_model(m, v, "ab", "fp32");
  m.inputs[0].shape = {{1, 9}};
  CHECK(identify_model(m, v, "ab", "fp32") != ranged);
  m.inputs[0].buckets = {4, 9};
  const std::string padded = identify_model(m, v, "ab", "fp32");
  CHECK(padded != ranged);
  m.inputs[0].buckets = {5, 9};
  CHECK(identify_model(m, v, "ab", "fp32") != padded);
  m.inputs[0].buckets.clear();
  m.inputs[0].shape = {{4, 9}, {1, 9}};  // the same numbers in a row
  CHECK(identify_model(m, v, "ab", "fp32") != padded);
  m.inputs.clear();
  CHECK(identify_model(m, v, "cd", "fp32") != one);
  CHECK(identify_model(m, v, "ab", "fp16") != one);
  CHECK_FALSE(changed([](model_file& o, model_variant& w) {
    o.name = "other";
    o.licence = "MIT";
    o.needs.resident = 7;
    w.path = "elsewhere";
  }));
}
