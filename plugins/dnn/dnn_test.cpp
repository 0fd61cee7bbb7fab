// The backend on made ONNX files: right answers for every number of rows and size, and every refusal in whole.
#include <doctest/doctest.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <fstream>
#include <opencv2/core.hpp>
#include <thread>

#include "dnn_session.hpp"
#include "made_onnx.hpp"

using namespace flowrun;
using namespace flowrun::dnn_backend;

namespace {

class written_file {
 public:
  explicit written_file(const std::string& content) : path_("/tmp/flowrun_dnnXXXXXX") {
    const int descriptor = mkstemp(path_.data());
    REQUIRE(descriptor >= 0);
    ::close(descriptor);
    std::ofstream(path_, std::ios::binary) << content;
  }
  ~written_file() { std::remove(path_.c_str()); }
  written_file(const written_file&) = delete;
  written_file& operator=(const written_file&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

model_port port(const char* name, std::vector<dimension> shape, dtype type = dtype::float32) {
  return {name, type, std::move(shape), {}};
}

model_file small_model() {
  model_file m;
  m.name = "made";
  m.inputs = {port("image", {{3, 3}, {8, 8}, {8, 8}})};
  m.outputs = {port("map", {{2, 2}, {8, 8}, {8, 8}}), port("mean", {{2, 2}})};
  m.needs = {1000, 100, 10, true};
  return m;
}

// A session on a made file.
struct opened {
  explicit opened(model_file m = small_model(), const std::string& onnx = made_onnx::write(made_onnx::convolution()),
                  const std::string& precision = "fp32", const device& on = {}, const std::string& method = "forward",
                  std::size_t rows = 0)
      : file(onnx), model(std::move(m)) {
    variant.method = method;
    if (rows > 0) variant.batch_low = variant.batch_high = rows;
    options.variant = &variant;
    options.path = file.path();
    options.precision = precision;
    options.lanes = 2;
    options.batch = 5;
    calls = std::make_unique<dnn_session>(model, on, options);
  }
  written_file file;
  model_file model;
  model_variant variant;
  session_options options;
  std::unique_ptr<dnn_session> calls;
};

template <class... Arguments> std::string fault_of(const Arguments&... arguments) {
  try {
    opened with(arguments...);
  } catch (const std::runtime_error& e) {
    return e.what();
  }
  return "none";
}

std::vector<float> values_of(int seed, int height, int width) {
  std::vector<float> row;
  for (int i = 0; i < 3 * height * width; ++i) row.push_back(static_cast<float>((i + seed) * 37 % 101 - 50) / 16);
  return row;
}

// The largest difference to what the network has to give; -1: not of its shape.
double run_and_compare(session& s, int rows, int seed, int height = 8, int width = 8) {
  tensor in = make_tensor(dtype::float32, {rows, 3, height, width});
  std::vector<std::vector<float>> expected;
  for (int r = 0; r < rows; ++r) {
    const std::vector<float> row = values_of(seed + r, height, width);
    std::copy(row.begin(), row.end(), in.values<float>().begin() + static_cast<std::ptrdiff_t>(row.size()) * r);
    expected.push_back(made_onnx::convolve(row, height, width));
  }
  std::vector<tensor> out;
  const run_result result = s.run({&in, 1}, static_cast<std::size_t>(rows), out);
  CHECK_MESSAGE(result.outcome == run_outcome::ok, result.text);
  const auto each = static_cast<std::size_t>(2 * height * width);
  if (out.size() != 2 || out[0].count() != each * static_cast<std::size_t>(rows) ||
      out[1].count() != 2 * static_cast<std::size_t>(rows) || out[0].shape[0] != rows)
    return -1;
  double worst = 0;
  for (std::size_t r = 0; r < expected.size(); ++r)
    for (std::size_t i = 0; i < each + 2; ++i) {
      const float seen =
          i < each ? out[0].values<const float>()[r * each + i] : out[1].values<const float>()[r * 2 + i - each];
      worst = std::max(worst, std::abs(static_cast<double>(seen) - static_cast<double>(expected[r][i])));
    }
  return worst;
}

bool right(double difference) {
  return difference >= 0 && difference < 1e-4;
}

}  // namespace

TEST_CASE("right answers for rows in calls of every number, one network after the other") {
  opened with;
  CHECK(right(run_and_compare(*with.calls, 1, 3)));
  for (const int rows : {4, 1, 5, 2, 2, 1}) {
    CAPTURE(rows);
    CHECK(right(run_and_compare(*with.calls, rows, 10 * rows)));
  }
  CHECK(with.calls->need(4).resident == 1000);
  CHECK(with.calls->need(4).workspace == 410);
}

TEST_CASE("right answers for inputs of several sizes by one network") {
  model_file m = small_model();
  m.inputs[0].shape = {{3, 3}, {4, 16}, {4, 16}};
  m.outputs[0].shape = {{2, 2}, {4, 16}, {4, 16}};
  opened with(m);
  for (const int side : {8, 16, 5, 16, 8}) {
    CAPTURE(side);
    CHECK(right(run_and_compare(*with.calls, 1, side, side, 21 - side)));
  }
}

TEST_CASE("a network that is only called with one size has its layers joined, and gives the same") {
  const std::string onnx = made_onnx::write(made_onnx::convolution());
  opened with(small_model(), onnx, "fp32", {}, "forward", 1);
  for (const int seed : {1, 30, 77}) CHECK(right(run_and_compare(*with.calls, 1, seed)));
  tensor in = make_tensor(dtype::float32, {2, 3, 8, 8});
  std::vector<tensor> out;
  const run_result r = with.calls->run({&in, 1}, 2, out);
  CHECK(r.outcome == run_outcome::failed);
  CHECK(r.text == "2 rows are more than its model file allows a call: 1");
  opened two(small_model(), onnx, "fp32", {}, "forward", 2);  // the last batch of a run may be smaller
  CHECK(right(run_and_compare(*two.calls, 2, 1)));
  CHECK(right(run_and_compare(*two.calls, 1, 2)));
  CHECK(right(run_and_compare(*two.calls, 2, 3)));
}

TEST_CASE("two threads have a network each") {
  opened with;
  std::atomic<int> wrong{0};
  auto run = [&](int seed) {
    for (int i = 0; i < 20; ++i)
      if (!right(run_and_compare(*with.calls, 1 + (i + seed) % 3, seed + i))) ++wrong;
  };
  std::thread other(run, 100);
  run(7);
  other.join();
  CHECK(wrong == 0);
}

TEST_CASE("outputs are taken by their names, or by their order") {
  model_file m = small_model();
  m.outputs = {port("mean", {{2, 2}})};
  opened named(m);
  tensor in = make_tensor(dtype::float32, {1, 3, 8, 8});
  const std::vector<float> row = values_of(1, 8, 8);
  std::copy(row.begin(), row.end(), in.values<float>().begin());
  std::vector<tensor> out;
  REQUIRE(named.calls->run({&in, 1}, 1, out).outcome == run_outcome::ok);
  REQUIRE(out.size() == 1);
  CHECK(out[0].shape == std::vector<std::int64_t>{1, 2});
  CHECK(out[0].values<const float>()[1] == doctest::Approx(made_onnx::convolve(row, 8, 8).back()).epsilon(1e-4));

  m.outputs = {port("heat", {{2, 2}, {8, 8}, {8, 8}})};
  opened ordered(m);
  REQUIRE(ordered.calls->run({&in, 1}, 1, out).outcome == run_outcome::ok);
  REQUIRE(out.size() == 1);
  CHECK(out[0].shape == std::vector<std::int64_t>{1, 2, 8, 8});
  m.outputs.clear();
  opened all(m);  // as `models add` asks: whatever there is
  REQUIRE(all.calls->run({&in, 1}, 1, out).outcome == run_outcome::ok);
  REQUIRE(out.size() == 2);
  CHECK(out[0].shape == std::vector<std::int64_t>{1, 2, 8, 8});
}

TEST_CASE("a network for one row a call says so, and goes on with one row") {
  made_onnx::graph g = made_onnx::convolution();
  g.outputs = {{"map", {1, 2, 8, 8}}};
  g.nodes.resize(1);
  g.nodes[0].outputs = {"sum"};
  g.nodes.push_back({"ReduceMean", {"sum"}, {"map"}, {{"axes", {0}}}, {{"keepdims", 1}}});  // over the rows
  model_file m = small_model();
  m.outputs = {port("map", {{2, 2}, {8, 8}, {8, 8}})};
  opened with(m, made_onnx::write(g));
  tensor in = make_tensor(dtype::float32, {3, 3, 8, 8});
  std::fill(in.values<float>().begin(), in.values<float>().end(), 1.0F);
  std::vector<tensor> out;
  const run_result three = with.calls->run({&in, 1}, 3, out);
  CHECK(three.outcome == run_outcome::failed);
  CHECK(
      three.text ==
      "its output 'map' for 3 rows is [1, 2, 8, 8]; its model file declares [2, 8, 8] a row; a network that takes one "
      "row only needs batch: [1, 1] in its model file");
  in.shape[0] = 1;
  CHECK(with.calls->run({&in, 1}, 1, out).outcome == run_outcome::ok);
}

TEST_CASE("what does not fit the model file is refused at once") {
  model_file m = small_model();
  m.outputs[0].shape = {{2, 2}, {9, 9}, {8, 8}};
  CHECK(fault_of(m) ==
        "it does not run on the inputs its model file declares: its output 'map' for 1 row is [1, 2, 8, 8]; its model "
        "file declares [2, 9, 8] a row");
  m = small_model();
  m.outputs[1].name = "middle";
  CHECK(fault_of(m) == "it has no output 'middle'; it has: map, mean");
  m.outputs = {port("a", {{1, 1}}), port("b", {{1, 1}}), port("c", {{1, 1}})};
  CHECK(fault_of(m) == "it has 2 outputs (map, mean), its model file declares 3");
  m = small_model();
  m.inputs.push_back(port("second", {{1, 1}}));
  CHECK(fault_of(m) == "it has 1 inputs (in), its model file declares 2");
  m = small_model();
  m.inputs[0].type = dtype::uint8;
  CHECK(fault_of(m) == "'image' is uint8; the dnn backend takes and gives float32 only");
  m = small_model();
  m.inputs[0].shape[0] = {4, 4};
  const std::string fault = fault_of(m);
  CHECK(fault.find("it does not run on the inputs its model file declares: ") == 0);
  CHECK(fault.find('\n') == std::string::npos);
  CHECK(fault.find("OpenCV(") == std::string::npos);
}

TEST_CASE("other devices, precisions and methods are refused") {
  const std::string onnx = made_onnx::write(made_onnx::convolution());
  CHECK(fault_of(small_model(), onnx, "bf16") ==
        "the dnn backend computes in fp32 only, not in bf16; remove that from the precision of its file in the model "
        "file");
  CHECK(fault_of(small_model(), onnx, "fp32", device{"cuda:0", "cuda", 0, nullptr}) ==
        "the dnn backend computes on the CPU only; give the model a file of a backend that has cuda:0");
  CHECK(fault_of(small_model(), onnx, "fp32", device{"sim:16GiB", "sim", 0, nullptr}) ==
        "the dnn backend computes on the CPU only; give the model a file of a backend that has sim:16GiB");
  CHECK(fault_of(small_model(), onnx, "fp32", device{}, "encode") ==
        "an ONNX file has no methods to choose from; remove 'method: encode' from the model file");
}

TEST_CASE("files that are none, are cut off or hold what OpenCV has not") {
  const std::string onnx = made_onnx::write(made_onnx::convolution());
  const std::string none = "its file is no ONNX file, which is all the dnn backend opens; export the network as ONNX";
  CHECK(fault_of(small_model(), std::string()) == "its file cannot be read, or is empty");
  CHECK(fault_of(small_model(), std::string("no network")) == none);
  CHECK(fault_of(small_model(), std::string(4096, '\0')) == none);
  CHECK(fault_of(small_model(), onnx.substr(0, onnx.size() - 100)) ==
        "its ONNX file is cut off: at least 96 bytes are missing at the end; fetch it again");
  for (std::size_t n = 1; n + 4 < onnx.size(); n += 13) CHECK(fault_of(small_model(), onnx.substr(0, n)) != "none");
  made_onnx::graph g = made_onnx::convolution();
  g.nodes[2].kind = "Unheard";
  const std::string fault = fault_of(small_model(), made_onnx::write(g));
  CHECK(fault.find("OpenCV cannot open its ONNX file: ") == 0);
  CHECK(fault.find("Unheard") != std::string::npos);
  CHECK(fault.find('\n') == std::string::npos);
}
