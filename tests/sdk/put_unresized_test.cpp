// The tester's put() against the runtime's: where nothing is resized they write the same values.
#include <doctest/doctest.h>

#include "model/preprocess.hpp"
#include "sample_stages.hpp"

namespace {

using namespace flowrun;

template <class V>
std::vector<V> put_by(decltype(row_format::put) put, const model_file& m, const image& from, const rect& part) {
  std::vector<V> row(m.inputs[0].row_values());
  put(m, 0, from, part, row.data());
  return row;
}

placement placed_by(decltype(row_format::put) put, const model_file& m, const image& from, const rect& part) {
  std::vector<float> row(m.inputs[0].row_values());
  return put(m, 0, from, part, row.data());
}

template <class V> void compare(const model_file& m, const image& from, const rect& part = {}) {
  const placement made = placed_by(&testing::put_unresized, m, from, part),
                  expected = placed_by(&core::put_image, m, from, part);
  for (const double at : {0.0, 3.5}) {
    CHECK(made.image_x(at) == expected.image_x(at));
    CHECK(made.image_y(at) == expected.image_y(at));
  }
  CHECK(put_by<V>(&testing::put_unresized, m, from, part) == put_by<V>(&core::put_image, m, from, part));
}

model_file made(std::vector<dimension> shape, const preprocess_spec& spec, dtype type = dtype::float32) {
  model_file m;
  m.name = "made";
  m.inputs.push_back({"in", type, std::move(shape), {}});
  m.preprocess["in"] = spec;
  return m;
}

}  // namespace

TEST_CASE("every order, layout, mode and number of channels") {
  int compared = 0;
  for (const int channels : {1, 3, 4})
    for (const channel_order order : {channel_order::rgb, channel_order::bgr, channel_order::gray})
      for (const row_layout_order layout : {row_layout_order::chw, row_layout_order::hwc})
        for (const resize_mode mode :
             {resize_mode::none, resize_mode::shortest, resize_mode::stretch, resize_mode::letterbox})
          for (const resize_filter filter : {resize_filter::bilinear, resize_filter::bicubic, resize_filter::box}) {
            CAPTURE(channels);
            preprocess_spec s;
            s.order = order;
            s.layout = layout;
            s.mode = mode;
            s.filter = filter;
            s.scale = 1 / 255.0;
            s.mean = {0.485, 0.456, 0.406};
            s.std = {0.229, 0.224, 0.225};
            std::vector<dimension> shape = {{3, 3}, {5, 5}, {7, 7}};
            if (layout == row_layout_order::hwc) shape = {{5, 5}, {7, 7}, {3, 3}};
            const image from = samples::gradient(7, 5, channels);
            compare<float>(made(shape, s), from);
            s.center_crop = true;
            compare<float>(made(shape, s), from);
            ++compared;
          }
  CHECK(compared == 216);
}

TEST_CASE("gray inputs, uint8, parts and sizes written out") {
  preprocess_spec gray;
  gray.order = channel_order::gray;
  const image colours = samples::gradient(9, 6, 3);
  compare<float>(made({{1, 1}, {6, 6}, {9, 9}}, gray), colours);
  compare<float>(made({{6, 6}, {9, 9}}, {}), colours);
  compare<std::uint8_t>(made({{3, 3}, {6, 6}, {9, 9}}, {}, dtype::uint8), colours);
  compare<float>(made({{3, 3}, {2, 2}, {4, 4}}, {}), colours, {5, 4, 4, 2});
  compare<float>(made({{3, 3}, {6, 6}, {9, 9}}, {}), colours, {3, 3, 0, 0});  // without a size: the whole image
  preprocess_spec side;
  side.mode = resize_mode::shortest;
  side.width = side.height = 6;
  compare<float>(made({{3, 3}, {6, 6}, {9, 9}}, side), colours);
}
