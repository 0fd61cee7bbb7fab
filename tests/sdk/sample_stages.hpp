// Stages that several tests run.
#pragma once
#include <cstdint>
#include <flowrun/testing.hpp>

namespace samples {

using flowrun::image;

inline image gradient(int width, int height, int channels, int start = 0) {
  flowrun::image_buffer b(width, height, channels);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width * channels; ++x) b.row(y)[x] = static_cast<std::uint8_t>(start + x * 7 + y * 13);
  return std::move(b).freeze();
}

struct threshold {
  static constexpr auto name = "threshold";
  int level = 128;
  double scale = 1;
  std::string mode = "plain";
  std::vector<double> weights;
  std::vector<std::string> tags;
  bool invert = false;
  static void describe(flowrun::description<threshold>& d) {
    d.param("level", &threshold::level, "brightness cut").range(0, 255);
    d.param("scale", &threshold::scale, "factor").range(0.5, 2).unit("x");
    d.param("mode", &threshold::mode, "how").one_of({"plain", "soft"});
    d.param("weights", &threshold::weights, "of channels");
    d.param("tags", &threshold::tags, "names");
    d.param("invert", &threshold::invert, "black for white");
    d.run(&threshold::run, {"image"}, {"mask"});
  }
  image run(const image& in) const {
    return in.gray().map([this](std::uint8_t v) -> std::uint8_t { return (v > level) != invert ? 255 : 0; });
  }
};

struct file_name {
  static constexpr auto name = "file_name";
  std::string prefix;
  static void describe(flowrun::description<file_name>& d) {
    d.param("prefix", &file_name::prefix, "put before").required();
    d.run(&file_name::run, {"number", "add"}, {"text", "sum"});
  }
  std::tuple<std::string, int> run(const int& number, const int* add, const flowrun::item_info& item) const {
    if (number < 0) throw flowrun::skip("negative");
    return {prefix + std::string(item.key), number + (add ? *add : 0)};
  }
};

struct counter {
  static constexpr auto name = "counter";
  int seen = 0;
  static void describe(flowrun::description<counter>& d) { d.run(&counter::run, {"number"}, {"count"}); }
  int run(const int&) { return ++seen; }
};

}  // namespace samples
