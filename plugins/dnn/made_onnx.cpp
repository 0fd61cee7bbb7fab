// Numbers of fields are those of onnx.proto.
#include "made_onnx.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace made_onnx {

namespace {

std::string varint(std::uint64_t v) {
  std::string bytes;
  for (; v > 127; v >>= 7) bytes += static_cast<char>(128 | (v & 127));
  return bytes + static_cast<char>(v);
}
std::string number(int field, std::int64_t v) {
  return varint(static_cast<std::uint64_t>(field) << 3) + varint(static_cast<std::uint64_t>(v));
}
std::string bytes(int field, const std::string& content) {
  return varint(static_cast<std::uint64_t>(field) << 3 | 2) + varint(content.size()) + content;
}

std::string write(const weights& w) {
  std::string raw(w.values.size() * sizeof(float), '\0'), text;
  std::memcpy(raw.data(), w.values.data(), raw.size());
  for (const std::int64_t side : w.shape) text += number(1, side);
  return text + number(2, 1) + bytes(8, w.name) + bytes(9, raw);
}

std::string write(const value& v) {
  std::string sides;
  for (const std::int64_t side : v.shape) sides += bytes(1, number(1, side));
  return bytes(1, v.name) + bytes(2, bytes(1, number(1, 1) + bytes(2, sides)));
}

std::string write(const node& n) {
  std::string text;
  for (const std::string& name : n.inputs) text += bytes(1, name);
  for (const std::string& name : n.outputs) text += bytes(2, name);
  text += bytes(4, n.kind);
  for (const auto& [name, values] : n.lists) {
    std::string attribute = bytes(1, name);
    for (const std::int64_t v : values) attribute += number(8, v);
    text += bytes(5, attribute + number(20, 7));
  }
  for (const auto& [name, v] : n.numbers) text += bytes(5, bytes(1, name) + number(3, v) + number(20, 2));
  return text;
}

constexpr int channels = 2;
constexpr float scales[] = {0.5F, 2}, shifts[] = {0.25F, -1}, means[] = {0.125F, 1}, variances[] = {4, 0.25F};
constexpr float epsilon = 1e-5F;  // ONNX's default

std::vector<float> kernels() {
  std::vector<float> k(channels * 3 * 9);
  for (std::size_t i = 0; i < k.size(); ++i) k[i] = static_cast<float>(static_cast<int>(i * 7 % 11) - 5) / 8;
  return k;
}

std::vector<float> list(const float (&values)[channels]) {
  return {values, values + channels};
}

}  // namespace

std::string write(const graph& g) {
  std::string text;
  for (const node& n : g.nodes) text += bytes(1, write(n));
  text += bytes(2, "made");
  for (const weights& w : g.constants) text += bytes(5, write(w));
  for (const value& v : g.inputs) text += bytes(11, write(v));
  for (const value& v : g.outputs) text += bytes(12, write(v));
  return number(1, 6) + bytes(2, "made") + bytes(7, text) + bytes(8, number(2, 11));
}

graph convolution() {
  graph g;
  g.inputs = {{"in", {1, 3, 8, 8}}};
  g.outputs = {{"map", {1, 2, 8, 8}}, {"mean", {1, 2, 1, 1}}};
  g.constants = {{"kernels", {2, 3, 3, 3}, kernels()},
                 {"scale", {2}, list(scales)},
                 {"shift", {2}, list(shifts)},
                 {"mean_of", {2}, list(means)},
                 {"variance", {2}, list(variances)}};
  g.nodes = {{"Conv", {"in", "kernels"}, {"sum"}, {{"kernel_shape", {3, 3}}, {"pads", {1, 1, 1, 1}}}},
             {"BatchNormalization", {"sum", "scale", "shift", "mean_of", "variance"}, {"normal"}, {}},
             {"Relu", {"normal"}, {"map"}, {}},
             {"GlobalAveragePool", {"map"}, {"mean"}, {}}};
  return g;
}

std::vector<float> convolve(const std::vector<float>& row, int height, int width) {
  const std::vector<float> k = kernels();
  std::vector<float> map, mean;
  auto at = [&](int c, int y, int x) {
    const bool inside = y >= 0 && y < height && x >= 0 && x < width;
    return inside ? static_cast<double>(row[static_cast<std::size_t>((c * height + y) * width + x)]) : 0;
  };
  for (int o = 0; o < channels; ++o) {
    double all = 0;
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x) {
        double sum = 0;
        for (int i = 0; i < 27; ++i)
          sum += static_cast<double>(k[static_cast<std::size_t>(o * 27 + i)]) *
                 at(i / 9, y + i / 3 % 3 - 1, x + i % 3 - 1);
        const double v = std::max(0.0, (sum - static_cast<double>(means[o])) /
                                               std::sqrt(static_cast<double>(variances[o] + epsilon)) *
                                               static_cast<double>(scales[o]) +
                                           static_cast<double>(shifts[o]));
        map.push_back(static_cast<float>(v));
        all += v;
      }
    mean.push_back(static_cast<float>(all / (height * width)));
  }
  map.insert(map.end(), mean.begin(), mean.end());
  return map;
}

}  // namespace made_onnx
