#include "test_catalog.hpp"

#include <flowrun/input_stage.hpp>
#include <flowrun/lambda_stage.hpp>

namespace flowrun::core::test {

namespace {

type_manifest flowing(const char* name) {
  type_manifest t;
  t.name = name;
  t.size = 64;
  return t;
}

type_manifest keepable(const char* name, value_kind field) {
  type_manifest t = flowing(name);
  schema value;
  value.kind = field;
  value.name = "value";
  t.fields.kind = value_kind::object;
  t.fields.children = {value};
  t.fields_hash = schema_hash(t.fields);
  return t;
}

param_manifest param(const char* name, param_type type, param_value default_value) {
  param_manifest p;
  p.name = name;
  p.type = type;
  p.default_value = std::move(default_value);
  return p;
}

param_manifest number(const char* name, param_type type, param_value default_value, double low, double high) {
  param_manifest p = param(name, type, std::move(default_value));
  p.low = low;
  p.high = high;
  return p;
}

param_manifest path() {
  param_manifest p = param("path", param_type::text, std::string());
  p.required = true;
  return p;
}

using inputs = std::vector<input_manifest>;
using outputs = std::vector<output_manifest>;

stage_manifest stage(const char* name, stage_shape shape, inputs in, outputs out,
                     std::vector<param_manifest> params = {}) {
  stage_manifest s;
  s.plugin = "test";
  s.name = name;
  s.shape = shape;
  s.inputs = std::move(in);
  s.outputs = std::move(out);
  s.params = std::move(params);
  return s;
}

stage_manifest serial(stage_manifest s) {
  s.serial = true;
  return s;
}

type_manifest with_content(type_manifest t) {
  t.has_content = true;
  return t;
}

const type_manifest image = with_content(flowing("test.image/1"));
const type_manifest sound = flowing("test.sound/1");
const type_manifest light = with_content(keepable("test.light/1", value_kind::float64));
const type_manifest faces = with_content(keepable("test.faces/1", value_kind::int32));

std::vector<stage_manifest> make_sources() {
  const auto rate = number("rate", param_type::number, 0.0, 0, 240);
  const auto side = number("max_side", param_type::integer, std::int64_t{0}, 0, 100000);
  return {
      stage("photos", stage_shape::source, {}, {{"image", image}},
            {path(), param("recursive", param_type::boolean, false), side}),
      stage("frames", stage_shape::source, {}, {{"image", image}}, {path(), rate}),
      stage("recorder", stage_shape::source, {}, {{"image", image}, {"sound", sound}}),
  };
}

std::vector<stage_manifest> make_transforms() {
  auto mode = param("mode", param_type::text, std::string("gauss"));
  mode.choices = {"box", "gauss"};
  const auto radius = number("radius", param_type::integer, std::int64_t{3}, 1, 50);
  const auto score = number("min_score", param_type::number, 0.5, 0, 1);
  const auto labels = param("labels", param_type::texts, std::vector<std::string>{"face"});
  const auto scales = param("scales", param_type::numbers, std::vector<double>{1, 2});
  constexpr auto transform = stage_shape::transform;
  return {
      stage("blur", transform, {{"image", image}}, {{"image", image}}, {radius, mode}),
      stage("light", transform, {{"image", image}}, {{"light", light}}),
      stage("hear", transform, {{"sound", sound}}, {{"light", light}}),
      stage("detect", transform, {{"image", image}}, {{"faces", faces}}, {score, labels, scales}),
      stage("embed", transform, {{"image", image}, {"faces", faces}}, {{"faces", faces}}),
      stage("mark", transform, {{"image", image}, {"faces", faces, true}}, {{"image", image}}),
      stage("split", transform, {{"image", image}}, {{"left", image}, {"right", image}}),
      stage("measure", transform, {{"image", image}}, {{"light", light}, {"boxes", faces}}),
      serial(stage("track", transform, {{"faces", faces}}, {{"faces", faces}})),
  };
}

std::vector<stage_manifest> make_model_stages() {
  auto label = stage("label", stage_shape::model, {{"image", image}}, {{"light", light}}, {});
  label.models = {{"net", "labels-small", "classify", 0, true}};
  auto describe = stage("describe", stage_shape::model, {{"image", image}, {"faces", faces}}, {{"light", light}}, {});
  describe.models = {{"net", "", "", 0, false}};
  auto walk = stage("walk", stage_shape::device, {{"image", image}}, {{"light", light}}, {});
  walk.models = {{"net", "", "", 0, false}};
  return {label, describe, walk};
}

std::vector<stage_manifest> make_ends() {
  return {
      stage("save", stage_shape::sink, {{"image", image}}, {}, {path()}),
      serial(stage("log", stage_shape::sink, {{"light", light}}, {})),
      stage("cluster", stage_shape::gather, {{"faces", faces}}, {{"groups", light}}),
      stage("compare", stage_shape::gather, {{"a", light}, {"b", light}}, {{"light", light}}),
      stage("rank", stage_shape::gather, {{"light", light}}, {{"light", light, true}}),
      stage("mosaic", stage_shape::gather, {{"image", image}}, {{"image", image}}),
  };
}

catalog_plugin make_twin() {
  catalog_plugin twin;
  twin.manifest.name = "twin";
  type_manifest wide = faces;
  wide.size = 128;
  twin.manifest.stages = {
      stage("wide", stage_shape::transform, {{"faces", wide}}, {{"faces", wide}}),
      stage("other", stage_shape::transform, {{"faces", keepable("test.faces/1", value_kind::int64)}},
            {{"light", light}}),
  };
  for (stage_manifest& s : twin.manifest.stages) s.plugin = "twin";
  return twin;
}

}  // namespace

stage_catalog make_catalog() {
  catalog_plugin all;
  all.manifest.name = "test";
  for (auto make : {make_sources, make_transforms, make_model_stages, make_ends})
    for (stage_manifest& s : make()) all.manifest.stages.push_back(std::move(s));
  stage_catalog catalog;
  catalog.plugins = {all, make_twin()};
  catalog.failures = {{"broken", "/plugins/libbroken.so", "built with flowrun SDK 9.9, but this is 0.1; rebuild it"}};
  catalog.searched = {"/plugins"};
  add_in_process(catalog, {make_input<int>("number"), make_stage("twice", [](int n) { return 2 * n; }, {"n"}, {"n"})});
  return catalog;
}

static model_file model(const char* name, const char* task) {
  model_file m;
  m.name = name;
  m.task = task;
  m.inputs.push_back({"image", dtype::float32, {{3, 3}, {8, 8}, {8, 8}}, {}});
  m.outputs.push_back({"scores", dtype::float32, {{10, 10}}, {}});
  return m;
}

model_catalog make_models() {
  model_catalog models;
  models.folders = {"/models"};
  models.models = {model("labels-large", "classify"), model("labels-small", "classify"), model("vectors", "embed")};
  model_file ranged = model("vectors-any", "embed");
  ranged.inputs[0].shape[1] = {8, 64};
  models.models.push_back(ranged);
  model_file numbers = model("numbers", "classify"), pairs = model("pairs", "classify");
  numbers.inputs[0].shape = {{5, 5}};
  pairs.inputs.push_back({"size", dtype::float32, {{2, 2}}, {}});
  model_file remembering = model("remembering", "classify");
  remembering.stream_state = true;
  models.models.push_back(remembering);
  models.models.push_back(numbers);
  models.models.push_back(pairs);
  models.refused.push_back({"/models/torn.yaml", "/models/torn.yaml:3:1: 'files' is missing; name at least one file"});
  return models;
}

}  // namespace flowrun::core::test
