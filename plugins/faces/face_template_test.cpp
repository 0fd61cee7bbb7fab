#include "face_template.hpp"

#include <doctest/doctest.h>

#include <flowrun/packet.hpp>
#include <fstream>
#include <iterator>

#include "model/read_model_file.hpp"
#include "test_paths.hpp"

using namespace faces;

namespace {

constexpr auto right =
    "; write where a face's landmarks lie in its input, in px: constants: {landmarks: \"x y x y x y x y x y\"}, of the "
    "left eye, the right eye, the nose, the left and the right corner of the mouth";

flowrun::model_file model_with(const flowrun::model_constant& landmarks) {
  flowrun::model_file m;
  m.name = "net";
  m.inputs.push_back({"image", flowrun::dtype::float32, {{3, 3}, {40, 40}, {30, 30}}, {}});
  m.constants["landmarks"] = landmarks;
  return m;
}

void check_refused(const flowrun::model_file& m, const std::string& what) {
  CHECK_THROWS_WITH_AS(read_face_template(m), ("the model 'net' has " + what + right).c_str(), flowrun::input_error);
}

// The first block of `language` after the heading.
std::string block_of(const std::string& page, const std::string& heading, const std::string& language) {
  const std::size_t section = page.find("\n## " + heading + "\n");
  REQUIRE(section != page.npos);
  const std::string opening = "\n```" + language + "\n";
  const std::size_t begin = page.find(opening, section);
  REQUIRE(begin != page.npos);
  return page.substr(begin + opening.size(), page.find("\n```\n", begin + 1) + 1 - begin - opening.size());
}

}  // namespace

TEST_CASE("the landmarks in their order, and the size of the input") {
  flowrun::model_file m = model_with("5 6, 20.5 6.25  12 14\n7 30 18 3e1");
  face_template t = read_face_template(m);
  CHECK(t.width == 30);
  CHECK(t.height == 40);
  CHECK(t.landmarks[0].x == 5);
  CHECK(t.landmarks[1].x == 20.5);
  CHECK(t.landmarks[1].y == 6.25);
  CHECK(t.landmarks[4].y == 30);
  m.inputs[0].shape = {{40, 40}, {31, 31}, {3, 3}};
  m.preprocess["image"].layout = flowrun::row_layout_order::hwc;
  t = read_face_template(m);
  CHECK(t.width == 31);
  CHECK(t.height == 40);
  m.inputs[0].shape = {{40, 40}, {32, 32}};
  CHECK(read_face_template(m).width == 32);
}

TEST_CASE("a model that does not say where landmarks lie is refused") {
  flowrun::model_file m = model_with(std::string());
  m.constants.clear();
  check_refused(m, "no constant 'landmarks'");
  m.file = "models/net.yaml";
  CHECK_THROWS_WITH_AS(read_face_template(m),
                       (std::string("the model 'net' (models/net.yaml) has no constant 'landmarks'") + right).c_str(),
                       flowrun::input_error);
  check_refused(model_with(38.5), "the constant 'landmarks', but as a single value");
  check_refused(model_with("1 2 3 4 5 6 7 8"), "the constant 'landmarks' with 8 numbers instead of 10");
  check_refused(model_with(""), "the constant 'landmarks' with 0 numbers instead of 10");
  check_refused(model_with("1 2 3 4 5 six 7 8 9 10"), "the constant 'landmarks' with 'six', which is no finite number");
  check_refused(model_with("1 2 3 4 5 6px 7 8 9 10"), "the constant 'landmarks' with '6px', which is no finite number");
  check_refused(model_with("1 2 3 4 5 nan 7 8 9 10"), "the constant 'landmarks' with 'nan', which is no finite number");
  check_refused(model_with("1 2 3 4 5 6 7 8 31 10"),
                "the constant 'landmarks' with a point outside of its input of 30 x 40 px");
  check_refused(model_with("3 4 3 4 3 4 3 4 3 4"), "the constant 'landmarks' with all of them in one point");
}

TEST_CASE("the page's model file for ArcFace is one that works") {
  std::ifstream file(std::string(test_paths::source) + "/docs/model-file.md");
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  std::string text = block_of(page, "A network for faces", "yaml");
  const std::size_t dots = text.find("\"...\"");
  REQUIRE(dots != text.npos);
  text.replace(dots, 5, '"' + std::string(64, '0') + '"');
  std::vector<flowrun::problem> problems;
  const flowrun::model_file m = flowrun::core::read_model_text(text, "arcface.yaml", problems);
  for (const flowrun::problem& p : problems) INFO(p.text);
  REQUIRE(problems.empty());
  CHECK(m.task == "face-embedding");
  const face_template t = read_face_template(m);
  CHECK(t.width == 112);
  CHECK(t.height == 112);
  CHECK(t.landmarks[0].x == 38.2946);
  CHECK(t.landmarks[4].y == 92.2041);
  CHECK(m.outputs.at(0).row_values() == 512);
}
