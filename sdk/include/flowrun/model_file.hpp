// A model file (models/NAME.yaml) as data: what a network takes and gives, how an image becomes one of its rows, and
// which file holds it for which device.
#pragma once
#include <array>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "tensor.hpp"

namespace flowrun {

// One side of a shape; low == high where it is fixed.
struct dimension {
  std::int64_t low = 1, high = 1;
};

// An input or output, without the dimension of the batch.
struct model_port {
  std::string name;
  dtype type = dtype::float32;
  std::vector<dimension> shape;
  std::vector<std::int64_t> buckets;  // sizes a ranged side is rounded up to; empty: any

  bool fixed() const {
    for (const dimension& d : shape)
      if (d.low != d.high) return false;
    return true;
  }
  std::size_t row_values() const {  // of the largest shape
    std::size_t n = 1;
    for (const dimension& d : shape) n *= static_cast<std::size_t>(d.high);
    return n;
  }
  std::size_t row_bytes() const { return row_values() * dtype_bytes(type); }
};

enum class resize_mode : std::uint8_t { none, shortest, stretch, letterbox };
// As Pillow computes them: bilinear, bicubic and lanczos widen their support when an image gets smaller.
enum class resize_filter : std::uint8_t { nearest, box, bilinear, bicubic, lanczos };
enum class channel_order : std::uint8_t { rgb, bgr, gray };
enum class row_layout_order : std::uint8_t { chw, hwc };

// How an 8-bit image becomes the values of one row: resize, crop to the input's size, order, (v - mean) / std.
struct preprocess_spec {
  resize_mode mode = resize_mode::stretch;
  resize_filter filter = resize_filter::bilinear;
  int width = 0, height = 0;     // px; of `shortest`: the side in both. The input's own size if 0
  bool center_crop = false;      // after the resize, to the input's size
  std::array<double, 3> fill{};  // of a letterbox, 0..255, in the network's channel order
  channel_order order = channel_order::rgb;
  row_layout_order layout = row_layout_order::chw;
  double scale = 1;  // v * scale, before mean and std
  std::array<double, 3> mean{0, 0, 0}, std{1, 1, 1};
};

struct model_variant {
  std::string target = "any";  // "any", "cpu", "cuda", "cuda sm_120"
  std::string backend;         // "torch", "dnn", "sim"
  std::string path;            // as written; relative to the model file
  std::string sha256;          // hex, of the file
  std::string method = "forward";
  std::vector<std::string> precisions;        // empty: fp32
  std::string torch;                          // version it was compiled with; empty: any
  std::size_t batch_low = 1, batch_high = 0;  // 0: no limit
};

struct model_needs {                                   // device memory in bytes
  std::uint64_t resident = 0, per_row = 0, fixed = 0;  // a batch of n rows takes fixed + n * per_row beside the weights
  bool known = false;                                  // the file says so
};

using model_constant = std::variant<bool, std::int64_t, double, std::string>;

struct model_file {
  std::string name, task, licence, doc;
  std::map<std::string, std::string> origin;
  std::string file;  // the YAML's own path
  std::vector<model_variant> variants;
  std::vector<model_port> inputs, outputs;
  std::map<std::string, preprocess_spec> preprocess;  // by input
  std::vector<std::string> labels;
  std::map<std::string, model_constant> constants;
  bool stream_state = false;  // state: stream
  model_needs needs;
};

}  // namespace flowrun
