#include <doctest/doctest.h>

#include <cmath>
#include <fstream>
#include <thread>

#include "opened_network.hpp"

using namespace flowrun;
using namespace flowrun::torch_backend;

namespace {

std::vector<float> sums(session& s, const tensor& rows) {
  std::vector<tensor> out;
  run_result r = s.run({&rows, 1}, static_cast<std::size_t>(rows.shape[0]), out);
  REQUIRE_MESSAGE(r.outcome == run_outcome::ok, r.text);
  REQUIRE(out.size() == 1);
  CHECK(out[0].type == dtype::float32);
  CHECK(out[0].shape == std::vector<std::int64_t>{rows.shape[0], 8});
  auto values = out[0].values<const float>();
  return {values.begin(), values.end()};
}

std::string open_fault(const std::string& path) {
  try {
    opened with(path);
  } catch (const std::exception& e) {
    return e.what();
  }
  return "none";
}

tensor part(const tensor& all, int first, int n) {
  tensor t = all;
  std::size_t row = bytes(all) / static_cast<std::size_t>(all.shape[0]);
  t.shape[0] = n;
  t.data = std::shared_ptr<void>(all.data, static_cast<char*>(all.data.get()) + static_cast<std::size_t>(first) * row);
  return t;
}

}  // namespace

TEST_CASE("rows have the same answers in batches of 1, 7 and 128, by one thread or two") {
  opened with(make_script(convolution_code()));
  tensor all = made_rows(128);
  std::vector<float> whole = sums(*with.calls, all);
  double largest = 0;
  for (float v : whole) largest = std::max(largest, std::abs(static_cast<double>(v)));
  REQUIRE(largest > 1);
  for (int n : {1, 7}) {
    std::vector<float> split(whole.size());
    auto half = [&](int from, int to) {
      for (int at = from; at < to; at += n) {
        int rows = std::min(n, to - at);
        std::vector<float> some = sums(*with.calls, part(all, at, rows));
        std::copy(some.begin(), some.end(), split.begin() + at * 8);
      }
    };
    std::thread other(half, 64, 128);
    half(0, 64);
    other.join();
    double worst = 0;
    for (std::size_t i = 0; i < whole.size(); ++i)
      worst = std::max(worst, std::abs(static_cast<double>(whole[i]) - static_cast<double>(split[i])));
    CHECK(worst <= 1e-5 * largest);
  }
}

TEST_CASE("inputs of shapes with a range: each size is run as it comes, and what one size fails at closes no other") {
  model_file ranged = convolution_model();
  ranged.inputs[0].shape = {{3, 3}, {1, 16}, {1, 16}};
  ranged.inputs[0].buckets = {8, 16};
  opened with(ranged, make_script(convolution_code()));
  for (int side : {1, 8, 16}) {
    tensor rows = make_tensor(dtype::float32, {2, 3, side, side});
    for (float& v : rows.values<float>()) v = 1;
    CHECK(sums(*with.calls, rows).size() == 16);
  }
  opened wide(ranged, make_script("def forward(self, x: Tensor):\n"
                                  "  return torch.conv2d(x.narrow(3, 0, 16), self.weights).sum([2, 3])\n"));
  CHECK(sums(*wide.calls, made_rows(1)).size() == 8);
  tensor narrow = made_rows(1);
  narrow.shape[3] = 8;
  std::vector<tensor> out;
  const run_result r = wide.calls->run({&narrow, 1}, 1, out);
  CHECK(r.outcome == run_outcome::failed);
  CHECK(r.text.find("exceeds dimension size") != std::string::npos);
}

TEST_CASE("a frozen network is converted to half precision as well") {
  opened whole(make_script(convolution_code())), half(make_script(convolution_code()), "bf16");
  tensor rows = made_rows(3);
  std::vector<float> a = sums(*whole.calls, rows), b = sums(*half.calls, rows);
  double largest = 0, worst = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    largest = std::max(largest, std::abs(static_cast<double>(a[i])));
    worst = std::max(worst, std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i])));
  }
  CHECK(worst > 0);
  CHECK(worst < 0.02 * largest);
}

TEST_CASE("tuples, lists and maps of outputs come in the order of the model file") {
  std::string path = make_script(R"(
def forward(self, x: Tensor):
  s = x.sum([2, 3])
  return (s, [s + 1.0, s * 2.0])
)");
  model_file m = convolution_model();
  m.outputs.clear();
  for (const char* name : {"one", "two", "three"}) m.outputs.push_back({name, dtype::float32, {{3, 3}}, {}});
  opened with(m, path);
  std::vector<tensor> out;
  tensor rows = made_rows(2);
  REQUIRE(with.calls->run({&rows, 1}, 2, out).outcome == run_outcome::ok);
  REQUIRE(out.size() == 3);
  float first = out[0].values<const float>()[4];
  CHECK(out[1].values<const float>()[4] == first + 1);
  CHECK(out[2].values<const float>()[4] == first * 2);
}

TEST_CASE("a method gets the model file's constants that it names after its inputs") {
  const std::string code = R"(
def forward(self, x: Tensor, rate: int, gain: float, low: bool = True, unit: str = "px"):
  y = x.flatten(1).narrow(1, 0, 8) * float(rate) * gain
  return y if low else y + float(len(unit))
)";
  model_file m = convolution_model();
  m.constants = {{"rate", std::int64_t{4}}, {"gain", 0.5}, {"threshold", 0.25}};
  const tensor rows = made_rows(1);
  std::vector<tensor> out;
  opened with(m, make_script(code));
  REQUIRE(with.calls->run({&rows, 1}, 1, out).outcome == run_outcome::ok);
  CHECK(out[0].values<const float>()[3] == rows.values<const float>()[3] * 2);
  m.constants["low"] = false;
  m.constants["unit"] = std::string("metre");
  opened high(m, make_script(code));
  REQUIRE(high.calls->run({&rows, 1}, 1, out).outcome == run_outcome::ok);
  CHECK(out[0].values<const float>()[3] == rows.values<const float>()[3] * 2 + 5);
  m.constants.erase("gain");
  CHECK_THROWS_WITH(opened(m, make_script(code)),
                    "the method 'forward' of its file made.pt takes 5 inputs: x, rate, gain, low, unit; its model file "
                    "declares 1: image");
}

TEST_CASE("what is no network is told at once") {
  CHECK(open_fault(write_text_file("hello")) ==
        "its file made.pt is no TorchScript, or is cut short; fetch it again, or export it with torch.jit.trace or "
        "torch.jit.script");
  std::string whole = make_script(convolution_code());
  std::ifstream in(whole, std::ios::binary);
  std::string cut((std::istreambuf_iterator<char>(in)), {});
  cut.resize(cut.size() / 2);
  CHECK(open_fault(write_text_file(cut)) ==
        "its file made.pt is no TorchScript, or is cut short; fetch it again, or export it with torch.jit.trace or "
        "torch.jit.script");
}

TEST_CASE("a network that does not fit its model file is told before anything is read") {
  CHECK(open_fault(make_script("def other(self, x: Tensor):\n  return x\n")) ==
        "its file made.pt has no method 'forward'; it has: other");
  CHECK(open_fault(make_script("def forward(self, x: Tensor, y: Tensor):\n  return x + y\n")) ==
        "the method 'forward' of its file made.pt takes 2 inputs: x, y; its model file declares 1: image");
  CHECK(open_fault(make_script("def forward(self, x: Tensor):\n  return x.reshape([-1, 5])\n")) ==
        "it does not run on the inputs its model file declares: shape '[-1, 5]' is invalid for input of size 768");
  CHECK(open_fault(make_script("def forward(self, x: Tensor):\n  return 3\n")) ==
        "it does not run on the inputs its model file declares: it gave a value of type Int, not tensors");
  CHECK(open_fault(make_script("def forward(self, x: Tensor):\n  return x.flatten(1)\n")) ==
        "its output 'sums' for 1 row is float32 [1, 768]; its model file declares float32 [8] a row");
  model_file m = convolution_model();
  m.outputs.push_back({"more", dtype::float32, {{8, 8}}, {}});
  CHECK_THROWS_WITH(
      opened(m, make_script(convolution_code())),
      "it does not run on the inputs its model file declares: it gave 1 outputs, its model file declares 2");
}

TEST_CASE("a network that throws fails the call, and the next one works") {
  opened with(make_script(R"(
def forward(self, x: Tensor):
  assert float(x.max()) < 5.0, "too bright"
  return torch.conv2d(x, self.weights).sum([2, 3])
)"));
  tensor rows = made_rows(1), bright = made_rows(1);
  bright.values<float>()[7] = 6;
  std::vector<tensor> out;
  run_result r = with.calls->run({&bright, 1}, 1, out);
  CHECK(r.outcome == run_outcome::failed);
  CHECK(r.text == "AssertionError: too bright");
  CHECK(with.calls->run({&rows, 1}, 1, out).outcome == run_outcome::ok);
}

TEST_CASE("a method of any name is called") {
  model_file m = convolution_model();
  m.outputs[0].shape = {{3, 3}};
  model_variant variant;
  variant.path = "made.pt";
  variant.method = "encode";
  session_options o;
  o.variant = &variant;
  o.path = make_script("def encode(self, x: Tensor):\n  return x.sum([2, 3])\n");
  o.precision = "fp32";
  std::unique_ptr<session> calls = open_session(m, {}, o);
  tensor rows = made_rows(2);
  std::vector<tensor> out;
  REQUIRE(calls->run({&rows, 1}, 2, out).outcome == run_outcome::ok);
  CHECK(out[0].shape == std::vector<std::int64_t>{2, 3});
}
