// What put_image refuses, in whole sentences.
#include <doctest/doctest.h>

#include <cmath>

#include "preprocess_cases.hpp"

using namespace flowrun;
using namespace preprocess_cases;

namespace {

void refuses(const model_file& m, const image& from, const rect& part, const std::string& text) {
  std::vector<double> to(m.inputs[0].row_values());
  CHECK_THROWS_WITH_AS(core::put_image(m, 0, from, part, to.data()), text.c_str(), std::invalid_argument);
}
void refuses(const model_file& m, const std::string& text) {
  refuses(m, noise(4, 3, 3, 1), {}, text);
}
preprocess_spec with(resize_mode mode, channel_order order = channel_order::rgb) {
  preprocess_spec s;
  s.mode = mode;
  s.order = order;
  return s;
}

}  // namespace

TEST_CASE("empty images and parts, and parts far away") {
  const model_file m = made({3, 2, 2});
  const image i = noise(4, 3, 3, 1);
  refuses(m, {}, {}, "an empty image (0 x 0 px) cannot become input 'image'");
  refuses(m, {4, 0, 3, 12, i.pixels}, {}, "an empty image (4 x 0 px) cannot become input 'image'");
  refuses(m, {4, 3, 2, 8, i.pixels}, {},
          "an image of 2 channels cannot become input 'image'; it may have 1 (grey), 3 (BGR) or 4 (BGRA)");
  const std::string empty = " is empty; its width and height must be above 0, or both 0 for the whole image";
  refuses(m, i, {1, 2, 0, 3}, "the part at (1, 2) of 0 x 3 px" + empty);
  refuses(m, i, {1, 2, 3, -1.5}, "the part at (1, 2) of 3 x -1.5 px" + empty);
  refuses(m, i, {0, 0, std::nan(""), 1}, "the part at (0, 0) of nan x 1 px" + empty);
  const std::string far = " is too far from an image of 4 x 3 px; no number of it may exceed 1000000";
  refuses(m, i, {0, -2e6, 1, 1}, "the part at (0, -2000000) of 1 x 1 px" + far);
  refuses(m, i, {0, 0, 1, HUGE_VAL}, "the part at (0, 0) of 1 x inf px" + far);
  refuses(m, i, {std::nan(""), 0, 1, 1}, "the part at (nan, 0) of 1 x 1 px" + far);
  refuses(made({3, 2, 2}, with(resize_mode::shortest)), i, {0, 0, 1e-8, 3},
          "the part at (0, 0) of 1e-08 x 3 px is too long: a shorter side of 2 px would make the longer 600000000 px, "
          "more than 100000000");
}

TEST_CASE("a result of another size than the input's") {
  const std::string wants =
      ", but input 'image' is 2 x 2 px; the model file's preprocess must resize or crop it to that";
  refuses(made({3, 2, 2}, with(resize_mode::none)), "an image of 4 x 3 px becomes 4 x 3 px" + wants);
  refuses(made({3, 2, 2}, with(resize_mode::shortest)), noise(6, 3, 3, 1), {},
          "an image of 6 x 3 px becomes 4 x 2 px" + wants);
}

TEST_CASE("inputs that hold no image") {
  const std::string is = "models/m.yaml: input 'image' ";
  refuses(made({3, 2, 2}, {}, dtype::float16), is + "is float16; an image becomes float32 or uint8");
  refuses(made({3, 2, 2}, {}, dtype::boolean), is + "is bool; an image becomes float32 or uint8");
  preprocess_spec s;
  s.std[1] = 2;
  refuses(made({3, 2, 2}, s, dtype::uint8), is + "is uint8, which holds pixels as they are: scale 1, mean 0, std 1");
  refuses(made({12}), is + "has the shape [12]; an image becomes [channels, height, width], [height, width, channels] "
                           "or [height, width]");
  refuses(made({2, 2, 3}), is + "has the shape [2, 2, 3], in layout chw that is 2 channels; order rgb has 3");
  refuses(made({1, 2, 3}, with(resize_mode::stretch, channel_order::bgr)),
          is + "has the shape [1, 2, 3], in layout chw that is 1 channel; order bgr has 3");
  s = with(resize_mode::stretch, channel_order::gray);
  s.layout = row_layout_order::hwc;
  refuses(made({1, 2, 2}, s),
          is + "has the shape [1, 2, 2], in layout hwc that is 2 channels; order gray has 1, or 3 alike");
  refuses(made({3, 0, 2}), is + "has the shape [3, 0, 2], whose sides are no size of an image");
  model_file coded = made({5});
  coded.file.clear();
  refuses(coded,
          "model 'm': input 'image' has the shape [5]; an image becomes [channels, height, width], [height, "
          "width, channels] or [height, width]");
}
