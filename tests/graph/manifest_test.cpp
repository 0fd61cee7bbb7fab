#include "plugin/manifest.hpp"

#include <doctest/doctest.h>

#include <random>
#include <stdexcept>

#include "test_catalog.hpp"

using namespace flowrun;
using namespace flowrun::core;

TEST_CASE("a sidecar reads back as it was written") {
  plugin_manifest m = test::make_catalog().find_plugin("test")->manifest;
  m.version = "1.2.3";
  m.compiler = "gcc \"12\"";
  m.sdk_minor = 1;
  m.build_id = "00ff";
  m.library = "libtest.so";
  m.stages[0].span = scope::run;
  m.stages[0].temporal = true;
  m.stages[0].parallel = 3;
  m.stages[0].doc = "Reads\nphotos: \xc3\xa4";
  m.stages[1].outputs[0].type.fields_hash = UINT64_MAX;
  m.stages.push_back(*test::make_catalog().find("test.describe"));
  m.stages.back().name = "any_size";
  m.stages.back().models[0].shapes = true;
  const std::string json = write_manifest(m);
  const plugin_manifest again = read_manifest(json);
  CHECK(write_manifest(again) == json);
  CHECK(again.library == "libtest.so");
  CHECK(again.stages.size() == m.stages.size());
  CHECK(again.stages[0].use() == "test.photos");
  CHECK(again.stages[0].span == scope::run);
  CHECK(again.stages[1].outputs[0].type == m.stages[1].outputs[0].type);
  for (const stage_manifest& s : again.stages)
    if (!s.models.empty()) CHECK(s.models[0].shapes == (s.name == "any_size"));
  for (std::size_t i = 0; i < m.stages.size(); ++i)
    for (std::size_t k = 0; k < m.stages[i].params.size(); ++k)
      CHECK(again.stages[i].params[k].default_value == m.stages[i].params[k].default_value);
}

TEST_CASE("what is no sidecar throws one sentence") {
  CHECK_THROWS_AS(read_manifest(""), std::runtime_error);
  CHECK_THROWS_AS(read_manifest("[]"), std::runtime_error);
  CHECK_THROWS_WITH(read_manifest("{\"flowrun_plugin\": 2}"), "it has format 2, this version reads format 1");
  const std::string json = write_manifest(test::make_catalog().find_plugin("test")->manifest);
  std::mt19937 random(5);
  for (int round = 0; round < 300; ++round) {
    std::string damaged = json;
    damaged[random() % damaged.size()] = static_cast<char>(random() % 128);
    try {
      (void)read_manifest(damaged);
    } catch (const std::runtime_error&) {}
  }
}

TEST_CASE("faults of a description") {
  stage_manifest s = *test::make_catalog().find("test.blur");
  CHECK(find_faults(s).empty());
  s.inputs.push_back(s.inputs[0]);
  s.outputs[0].name = "the image";
  s.params[0].default_value = std::int64_t{51};
  s.params[1].default_value = std::string("round");
  param_manifest extra = s.params[0];
  extra.default_value = 1.0;
  extra.low = 5;
  extra.high = 4;
  s.params.push_back(extra);
  CHECK(find_faults(s) ==
        std::vector<std::string>{"test.blur: two of its inputs are named 'image'",
                                 "test.blur: 'the image' cannot name an output; use letters, digits, _ and -",
                                 "test.blur: the default of 'radius' is 51, but must be an int 1..50",
                                 "test.blur: the default of 'mode' is round, but must be one of box, gauss",
                                 "test.blur: two of its params are named 'radius'",
                                 "test.blur: the range of 'radius' is empty: 5..4",
                                 "test.blur: the default of 'radius' is not of its type, int"});
  stage_manifest sink = *test::make_catalog().find("test.save");
  sink.inputs.clear();
  CHECK(find_faults(sink) == std::vector<std::string>{"test.save: a sink needs an input"});
  CHECK(find_faults(*test::make_catalog().find("test.mosaic")) ==
        std::vector<std::string>{
            "test.mosaic: it gathers 'image', but test.image/1 has no fields, so it cannot be kept"});
}

TEST_CASE("a param in words") {
  param_manifest p;
  p.name = "level";
  p.type = param_type::integer;
  p.default_value = std::int64_t{128};
  p.low = 0;
  p.high = 255;
  CHECK(describe_param(p) == "level (int 0..255, default 128)");
  p.high = 2147483647.0;
  p.unit = "px";
  CHECK(describe_param(p) == "level (int of at least 0 in px, default 128)");
  p.low = -2147483648.0;
  p.required = true;
  CHECK(describe_param(p) == "level (int in px, required)");
  p = {};
  p.name = "names";
  p.type = param_type::texts;
  p.default_value = std::vector<std::string>{"a", "b c"};
  CHECK(describe_param(p) == "names (list of texts, default [a, \"b c\"])");
  p.type = param_type::text;
  p.default_value = std::string();
  CHECK(describe_param(p) == "names (text, default \"\")");
}

TEST_CASE("a manifest says what the code says") {
  type_info type;
  type.name = "test.image/1";
  type.size = 24;
  stage_info info;
  info.name = "blur";
  info.serial = true;
  info.inputs = {{"image", &type, true}};
  info.outputs = {{"image", &type, false}};
  param_info p;
  p.name = "sigma";
  p.type = param_type::number;
  p.default_value = 1.5;
  p.low = 0;
  info.params = {p};
  const stage_manifest m = make_manifest("basic", info);
  CHECK(m.use() == "basic.blur");
  CHECK(m.serial);
  CHECK(m.inputs[0].optional);
  CHECK(m.outputs[0].type.size == 24);
  CHECK(describe_param(m.params[0]) == "sigma (number of at least 0, default 1.5)");
}
