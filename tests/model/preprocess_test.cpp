// put_image: from pixels to the values of a row, against numbers computed by hand.
#include "model/preprocess.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <thread>

#include "preprocess_cases.hpp"

using namespace flowrun;
using namespace preprocess_cases;
using floats = std::vector<float>;
using levels = std::vector<std::uint8_t>;

TEST_CASE("without a preprocess the image is stretched to the input, rgb, values as they are, planes") {
  const image i = make(2, 2, 3, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});
  CHECK(put(made({3, 2, 2}), i) == floats{3, 6, 9, 12, 2, 5, 8, 11, 1, 4, 7, 10});
  CHECK(put(made({3, 1, 1}), i) == floats{8, 7, 6});  // 7.5, 6.5 and 5.5 are rounded up
}

TEST_CASE("order and layout") {
  const image i = make(2, 1, 3, {1, 2, 3, 4, 5, 6});
  preprocess_spec s;
  s.order = channel_order::bgr;
  CHECK(put(made({3, 1, 2}, s), i) == floats{1, 4, 2, 5, 3, 6});
  s.layout = row_layout_order::hwc;
  CHECK(put(made({1, 2, 3}, s), i) == floats{1, 2, 3, 4, 5, 6});
  s.order = channel_order::rgb;
  CHECK(put(made({1, 2, 3}, s), i) == floats{3, 2, 1, 6, 5, 4});
}

TEST_CASE("grey becomes three alike, alpha does not count, gray is image::gray") {
  const image grey = make(2, 1, 1, {7, 9}), bgr = make(2, 1, 3, {1, 2, 3, 200, 100, 50}),
              bgra = make(2, 1, 4, {1, 2, 3, 0, 200, 100, 50, 255});
  CHECK(put(made({3, 1, 2}), grey) == floats{7, 9, 7, 9, 7, 9});
  CHECK(put(made({3, 1, 2}), bgra) == put(made({3, 1, 2}), bgr));
  CHECK(put(made({3, 1, 2}), bgra) == floats{3, 50, 2, 100, 1, 200});

  preprocess_spec s;
  s.order = channel_order::gray;
  // (200 * 3735 + 100 * 19235 + 50 * 9798 + 16384) >> 15 = 96
  for (const image& i : {bgr, bgra}) {
    CHECK(put(made({1, 1, 2}, s), i) == floats{2, 96});
    CHECK(put(made({1, 2}, s), i) == floats{2, 96});
    CHECK(put(made({3, 1, 2}, s), i) == floats{2, 96, 2, 96, 2, 96});
    CHECK(put(made({1, 2}), i) == floats{2, 96});  // two sides are gray by themselves
  }
  CHECK(put(made({1, 1, 2}, s), grey) == floats{7, 9});
  s.layout = row_layout_order::hwc;
  CHECK(put(made({1, 2, 1}, s), grey) == floats{7, 9});
  // Of a part, only what is read of it turns gray.
  const image wide = make(3, 1, 3, {9, 9, 9, 200, 100, 50, 9, 9, 9});
  CHECK(put(made({1, 1}), wide, {1, 0, 1, 1}) == floats{96});
}

TEST_CASE("values are scaled, then the mean goes off, then they are divided") {
  preprocess_spec s;
  s.mean = {127, 127, 127};
  s.std = {128, 128, 128};
  CHECK(put(made({3, 1, 1}, s), make(1, 1, 3, {255, 127, 0})) == floats{-0.9921875f, 0, 1});
  s.scale = 0.5;
  s.mean = {1, 2, 3};
  s.std = {1, 2, 4};
  CHECK(put(made({3, 1, 1}, s), make(1, 1, 3, {40, 30, 20})) == floats{9, 6.5f, 4.25f});
  s.scale = 1 / 255.0;
  s.mean = {0.485, 0.456, 0.406};
  s.std = {0.229, 0.224, 0.225};
  const floats v = put(made({3, 1, 1}, s), make(1, 1, 3, {0, 255, 128}));
  CHECK(v[0] == doctest::Approx(0.0740645).epsilon(1e-6));
  CHECK(v[1] == doctest::Approx(2.4285714).epsilon(1e-6));
  CHECK(v[2] == doctest::Approx(-1.8044444).epsilon(1e-6));
}

TEST_CASE("uint8 rows hold the pixels") {
  const image i = make(2, 1, 3, {1, 2, 3, 250, 255, 0});
  CHECK(put<std::uint8_t>(made({3, 1, 2}, {}, dtype::uint8), i) == levels{3, 0, 2, 255, 1, 250});
  preprocess_spec s;
  s.mode = resize_mode::letterbox;
  s.fill = {114, 20, 3};
  CHECK(put<std::uint8_t>(made({3, 2, 2}, s, dtype::uint8), i) == levels{3, 0, 114, 114, 2, 255, 20, 20, 1, 250, 3, 3});
}

TEST_CASE("filters on numbers computed by hand") {
  const image step = make(4, 1, 1, {0, 0, 255, 255});
  preprocess_spec s;
  s.filter = resize_filter::bilinear;  // weights 3/7, 3/7, 1/7
  CHECK(put(made({1, 2}, s), step) == floats{36, 219});
  s.filter = resize_filter::box;
  CHECK(put(made({1, 2}, s), step) == floats{0, 255});
  s.filter = resize_filter::nearest;
  CHECK(put(made({1, 3}, s), step) == floats{0, 255, 255});
  // Weights 111/128 and -9/128 at 1/4 and 5/4 px, 111/128 and 29/128 at 1/4 and 3/4 px, each divided by their sum.
  s.filter = resize_filter::bicubic;
  CHECK(put(made({1, 4}, s), make(2, 1, 1, {0, 100})) == floats{0, 21, 79, 109});
}

TEST_CASE("one pixel becomes any size, in every mode and filter") {
  for (const resize_filter f : {resize_filter::nearest, resize_filter::box, resize_filter::bilinear,
                                resize_filter::bicubic, resize_filter::lanczos})
    for (const resize_mode m : {resize_mode::stretch, resize_mode::shortest, resize_mode::letterbox}) {
      preprocess_spec s;
      s.filter = f;
      s.mode = m;
      CHECK(put(made({3, 2, 2}, s), make(1, 1, 3, {30, 20, 10})) ==
            floats{10, 10, 10, 10, 20, 20, 20, 20, 30, 30, 30, 30});
    }
}

TEST_CASE("a centre crop starts where torchvision's does, and puts 0 beside a smaller image") {
  preprocess_spec s;
  s.mode = resize_mode::none;
  s.center_crop = true;
  CHECK(put(made({2, 2}, s), tens(5, 4)) == floats{12, 13, 22, 23});  // 1.5 is rounded to the even 2
  CHECK(put(made({2, 2}, s), tens(3, 2)) == floats{0, 1, 10, 11});    // 0.5 to the even 0
  CHECK(put(made({2, 2}, s), tens(7, 2)) == floats{2, 3, 12, 13});    // 2.5 to the even 2
  s.mean = {1, 0, 0};
  CHECK(put(made({2, 4}, s), make(1, 1, 1, {5})) == floats{-1, 4, -1, -1, -1, -1, -1, -1});
  // Narrower and higher at once: a padded column at the right, rows 1 and 2 of 4.
  CHECK(put(made({2, 2}, s), tens(1, 4)) == floats{9, -1, 19, -1});
}

TEST_CASE("a letterbox is filled beside the image, a crop of it keeps the fill") {
  preprocess_spec s;
  s.mode = resize_mode::letterbox;
  s.filter = resize_filter::nearest;
  s.fill = {114, 0, 0};
  const image i = make(2, 1, 1, {10, 20});
  const floats f(4, 114), row{10, 10, 20, 20};
  CHECK(put(made({4, 4}, s), i) == joined({f, row, row, f}));
  CHECK(put(made({3, 4}, s), i) == joined({row, row, f}));  // floor(1 / 2) rows above
  s.scale = 2;
  s.mean = {28, 0, 0};
  CHECK(put(made({1, 4}, s), i) == floats{200, -8, 12, 200});
  s.scale = 1;
  s.mean = {};
  s.width = s.height = 4;
  s.center_crop = true;
  CHECK(put(made({4, 2}, s), i) == floats{114, 114, 10, 20, 10, 20, 114, 114});
  CHECK(put(made({6, 4}, s), i) == joined({floats(4, 0), f, row, row, f, floats(4, 0)}));
}

TEST_CASE("a part is what is resized; beyond the image its border repeats") {
  preprocess_spec s;
  s.mode = resize_mode::none;
  const image i = tens(3, 3);
  CHECK(put(made({2, 2}, s), i, {1, 1, 2, 2}) == floats{11, 12, 21, 22});
  CHECK(put(made({2, 2}, s), i, {0.6, 0.6, 1.6, 2.4}) == floats{11, 12, 21, 22});  // whole pixels
  CHECK(put(made({3, 3}, s), i, {-1, -1, 3, 3}) == floats{0, 0, 1, 0, 0, 1, 10, 10, 11});
  CHECK(put(made({2, 3}, s), i, {2, 2, 3, 2}) == floats{22, 22, 22, 22, 22, 22});
  CHECK(put(made({1, 2}, s), i, {-9, 1, 2, 1}) == floats{10, 10});
  CHECK(put(made({1, 2}, s), i, {50, -7, 2, 1}) == floats{2, 2});

  // Every second column from beyond the image on: positions -3, -1, 1 and 3.
  s.mode = resize_mode::stretch;
  s.filter = resize_filter::nearest;
  CHECK(put(made({1, 4}, s), tens(5, 1), {-4, 0, 8, 1}) == floats{0, 0, 1, 3});
  CHECK(put(made({4, 1}, s), tens(1, 5), {0, -4, 1, 8}) == floats{0, 0, 10, 30});
  // The mean of three repeated pixels and one more.
  s.filter = resize_filter::box;
  CHECK(put(made({1, 1}, s), make(2, 1, 1, {40, 80}), {-2, 0, 4, 1}) == floats{50});
  // A border met within rounding is no border crossed.
  s.filter = resize_filter::bilinear;
  CHECK(put(made({2, 5}, s), tens(7, 3), {0.1 + 0.2 - 0.3, 0, 7.0000000001, 3}) == put(made({2, 5}, s), tens(7, 3)));
  CHECK(put(made({2, 5}, s), tens(7, 3), {0, 0, 7, 3}) == put(made({2, 5}, s), tens(7, 3)));
}

TEST_CASE("rows of a picture may lie apart; what lies between is not read") {
  levels bytes{1, 2, 3, 4, 5, 6, 99, 99, 7, 8, 9, 10, 11, 12};
  const image apart{2, 2, 3, 8, {std::make_shared<levels>(bytes), bytes.data()}};
  const image dense = make(2, 2, 3, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});
  CHECK(put(made({3, 5, 3}), apart) == put(made({3, 5, 3}), dense));
  CHECK(put(made({2, 2}), apart) == put(made({2, 2}), dense));
}

TEST_CASE("a stage's row writes the input it names") {
  model_file m = made({1, 2});
  m.inputs.push_back({"second", dtype::uint8, {{1, 1}, {1, 1}}, {}});
  floats first(2, -1);
  std::uint8_t second = 0;
  void* const inputs[] = {first.data(), &second};
  const row_format format{&m, core::put_image};
  const row r(format, inputs);
  r.put(make(2, 1, 1, {3, 4}));
  r.put(make(2, 1, 1, {3, 4}), {1, 0, 1, 1}, "second");
  CHECK(first == floats{3, 4});
  CHECK(second == 4);
}

TEST_CASE("where the part lies in the input is told, for every mode, and is turned back into px of the image") {
  auto place = [](resize_mode mode, int side, bool crop, const image& from, const rect& part = {}) {
    preprocess_spec spec;
    spec.mode = mode;
    spec.width = spec.height = side;
    spec.center_crop = crop;
    const model_file m = made({3, 8, 8}, spec);
    floats values(192);
    return core::put_image(m, 0, from, part, values.data());
  };
  const image wide = noise(16, 8, 3, 1);
  placement p = place(resize_mode::letterbox, 0, false, wide);  // 8 x 4, two rows of fill above
  CHECK(p.from.width == 16);
  CHECK(p.left == 0);
  CHECK(p.top == 2);
  CHECK(p.scale_x == 0.5);
  CHECK(p.scale_y == 0.5);
  CHECK(p.image_x(4) == 8);
  CHECK(p.image_y(2) == 0);
  CHECK(p.image_y(6) == 8);
  CHECK(p.input_y(8) == 6);

  p = place(resize_mode::letterbox, 0, false, wide, {6, -2, 2, 4});  // a part of 4 x 8, beyond the border
  CHECK(p.left == 2);
  CHECK(p.scale_x == 2);
  CHECK(p.image_x(2) == 6);
  CHECK(p.image_y(0) == -2);
  CHECK(p.input_x(8) == 6);

  p = place(resize_mode::stretch, 0, false, wide);
  CHECK(p.scale_x == 0.5);
  CHECK(p.scale_y == 1);
  CHECK(p.image_x(8) == 16);
  CHECK(p.image_y(8) == 8);

  p = place(resize_mode::shortest, 8, true, wide);  // 16 x 8, four columns are cut off on either side
  CHECK(p.left == -4);
  CHECK(p.image_x(0) == 4);
  CHECK(p.image_x(8) == 12);

  p = place(resize_mode::letterbox, 0, false, noise(1, 1, 3, 1));
  CHECK(p.image_x(8) == 1);
  p = place(resize_mode::letterbox, 0, false, noise(2000, 5, 3, 1));  // one row: less than 1/250 of its height
  CHECK(p.scale_y == 0.2);
  CHECK(p.image_y(p.top + 1) == 5);
}

TEST_CASE("a ranged input gets its largest shape") {
  model_file m = made({1, 2});
  m.inputs[0].shape[1].low = 1;
  CHECK(put(m, make(4, 1, 1, {2, 4, 6, 8})).size() == 2);
}

TEST_CASE("threads with their own sizes and filters get what one thread gets") {
  std::vector<model_file> models;
  std::vector<image> images;
  std::vector<floats> expected;
  for (int n = 0; n < 24; ++n) {
    preprocess_spec s;
    s.filter = static_cast<resize_filter>(n % 5);
    s.mode = n % 2 ? resize_mode::letterbox : resize_mode::stretch;
    models.push_back(made({3, 20 + n % 7, 31}, s));
    images.push_back(noise(10 + 7 * n % 50, 40 - n, n % 3 == 0 ? 1 : n % 3 == 1 ? 3 : 4, static_cast<unsigned>(n)));
    expected.push_back(put(models.back(), images.back()));
  }
  std::vector<int> wrong(4);
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < wrong.size(); ++t)
    threads.emplace_back([&, t] {
      for (std::size_t n = 0; n < 10 * models.size(); ++n) {
        const std::size_t i = (n * (t + 1) + t) % models.size();
        if (put(models[i], images[i]) != expected[i]) ++wrong[t];
      }
    });
  for (std::thread& t : threads) t.join();
  CHECK(wrong == std::vector<int>(4, 0));
}
