// Small ONNX files, written byte by byte for the tests.
#pragma once
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace made_onnx {

struct weights {
  std::string name;
  std::vector<std::int64_t> shape;
  std::vector<float> values;
};
struct node {
  std::string kind;
  std::vector<std::string> inputs, outputs;
  std::vector<std::pair<std::string, std::vector<std::int64_t>>> lists;  // attributes
  std::vector<std::pair<std::string, std::int64_t>> numbers = {};
};
struct value {
  std::string name;
  std::vector<std::int64_t> shape;
};
struct graph {
  std::vector<value> inputs, outputs;
  std::vector<weights> constants;
  std::vector<node> nodes;
};

std::string write(const graph& g);

// `in` [3, h, w] to `map` [2, h, w]: a convolution of 3 x 3 with normalisation and ReLU behind it, which OpenCV would
// join; and to `mean` [2, 1, 1], over the map.
graph convolution();
// What it computes: map, then mean.
std::vector<float> convolve(const std::vector<float>& row, int height, int width);

}  // namespace made_onnx
