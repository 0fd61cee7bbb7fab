#include "onnx_names.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

#include "made_onnx.hpp"

using flowrun::dnn_backend::onnx_names;
using flowrun::dnn_backend::read_onnx_names;
using names = std::vector<std::string>;

TEST_CASE("inputs and outputs by name; weights that are listed as inputs are none") {
  made_onnx::graph g = made_onnx::convolution();
  onnx_names seen = read_onnx_names(made_onnx::write(g));
  CHECK(seen.inputs == names{"in"});
  CHECK(seen.outputs == names{"map", "mean"});
  g.inputs.insert(g.inputs.begin(), {"kernels", {2, 3, 3, 3}});
  g.inputs.push_back({"input.1", {1}});
  g.outputs[0].name = "537";
  seen = read_onnx_names(made_onnx::write(g));
  CHECK(seen.inputs == names{"in", "input.1"});
  CHECK(seen.outputs == names{"537", "mean"});
}

TEST_CASE("no bytes beyond the end are read, whatever a field says of its length") {
  const std::string endless("\x08\x06\x3a\xff\xff\xff\xff\xff\xff\xff\xff\x7f", 12);
  CHECK_THROWS_AS(read_onnx_names(endless), std::runtime_error);
  CHECK_THROWS_AS(read_onnx_names(std::string("\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 12)),
                  std::runtime_error);
  CHECK_THROWS_WITH_AS(read_onnx_names(std::string("\x3a\x02\x62\x7f", 4)),
                       "the graph in its ONNX file is damaged; fetch it again", std::runtime_error);
  const std::string whole = made_onnx::write(made_onnx::convolution());
  for (std::size_t n = 0; n + 4 < whole.size(); ++n) {
    CAPTURE(n);
    CHECK_THROWS_AS(read_onnx_names(whole.substr(0, n)), std::runtime_error);
  }
}

TEST_CASE("a file with a changed byte is refused or read, and each is the case for some") {
  const std::string whole = made_onnx::write(made_onnx::convolution());
  int refused = 0, read = 0;
  for (std::size_t at = 0; at < whole.size(); ++at)
    for (const int change : {0x55, 0x80, 0xff}) {
      std::string damaged = whole;
      damaged[at] = static_cast<char>(damaged[at] ^ change);
      try {
        read_onnx_names(damaged);
        ++read;
      } catch (const std::runtime_error&) {
        ++refused;
      }
    }
  CHECK(refused > 20);
  CHECK(read > 20);
}
