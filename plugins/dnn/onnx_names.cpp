// Reads protocol buffers' wire format as far as it has to: a field is a number, a kind, and bytes; unknown ones are
// passed over. OpenCV gives no names of inputs, and its parser writes to stderr when a file is broken.
#include "onnx_names.hpp"

#include <algorithm>
#include <cstdint>
#include <stdexcept>

namespace flowrun::dnn_backend {

namespace {

// Of onnx.proto.
namespace model_field {
constexpr std::uint64_t graph = 7;
}
namespace graph_field {
constexpr std::uint64_t initializer = 5, input = 11, output = 12;
}
namespace value_field {
constexpr std::uint64_t name = 1;
}
namespace tensor_field {
constexpr std::uint64_t name = 8;
}

enum wire_kind : std::uint64_t { varint = 0, fixed64 = 1, bytes_of_length = 2, fixed32 = 5 };

class message_reader {
 public:
  explicit message_reader(std::string_view bytes) : left_(bytes) {}

  // False at the end, and where the bytes are no field.
  bool next() {
    if (left_.empty() || broken) return false;
    std::uint64_t tag = 0;
    broken = !take_varint(tag) || (field = tag >> 3) == 0 || !take_content(tag & 7);
    return !broken;
  }

  std::uint64_t field = 0;
  std::string_view content;  // of a field of bytes, else empty
  bool broken = false;
  std::uint64_t missing = 0;  // bytes that a field of bytes says it has, beyond the end

 private:
  bool take_varint(std::uint64_t& value) {
    value = 0;
    for (int shift = 0; shift < 64 && !left_.empty(); shift += 7) {
      const auto byte = static_cast<std::uint8_t>(left_[0]);
      left_.remove_prefix(1);
      value |= static_cast<std::uint64_t>(byte & 127) << shift;
      if (byte < 128) return true;
    }
    return false;
  }
  bool skip(std::uint64_t n) {
    if (n > left_.size()) return false;
    left_.remove_prefix(n);
    return true;
  }
  bool take_content(std::uint64_t kind) {
    content = {};
    std::uint64_t n = 0;
    switch (kind) {
      case varint:
        return take_varint(n);
      case fixed64:
        return skip(8);
      case fixed32:
        return skip(4);
      case bytes_of_length:
        if (!take_varint(n)) return false;
        content = left_.substr(0, n);
        missing = n - content.size();
        return skip(n);
      default:
        return false;
    }
  }

  std::string_view left_;
};

std::string find_name(std::string_view message, std::uint64_t field) {
  message_reader r(message);
  while (r.next())
    if (r.field == field) return std::string(r.content);
  return {};
}

onnx_names read_graph(std::string_view graph) {
  onnx_names names;
  std::vector<std::string> weights;
  message_reader r(graph);
  while (r.next()) {
    if (r.field == graph_field::input) names.inputs.push_back(find_name(r.content, value_field::name));
    if (r.field == graph_field::output) names.outputs.push_back(find_name(r.content, value_field::name));
    if (r.field == graph_field::initializer) weights.push_back(find_name(r.content, tensor_field::name));
  }
  if (r.broken || names.outputs.empty())
    throw std::runtime_error("the graph in its ONNX file is damaged; fetch it again");
  std::sort(weights.begin(), weights.end());
  const auto is_weight = [&](const std::string& n) { return std::binary_search(weights.begin(), weights.end(), n); };
  names.inputs.erase(std::remove_if(names.inputs.begin(), names.inputs.end(), is_weight), names.inputs.end());
  return names;
}

}  // namespace

onnx_names read_onnx_names(std::string_view bytes) {
  message_reader r(bytes);
  std::string_view graph;
  while (r.next())
    if (r.field == model_field::graph) graph = r.content;
  if (r.broken && r.field == model_field::graph && r.missing > 0)
    throw std::runtime_error("its ONNX file is cut off: at least " + std::to_string(r.missing) +
                             " bytes are missing at " + "the end; fetch it again");
  if (r.broken || graph.empty())
    throw std::runtime_error(
        "its file is no ONNX file, which is all the dnn backend opens; export the network as ONNX");
  return read_graph(graph);
}

}  // namespace flowrun::dnn_backend
