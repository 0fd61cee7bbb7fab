#include <doctest/doctest.h>
#include <sys/resource.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <thread>

#include "made_scripts.hpp"
#include "open_session.hpp"

using namespace flowrun;
using namespace flowrun::torch_backend;

namespace {

class bounded_device : public simulated_device {
 public:
  explicit bounded_device(std::uint64_t bytes) : free(bytes) {}
  std::atomic<std::uint64_t> free;
  bool allocate(std::uint64_t bytes) override {
    std::uint64_t have = free.load();
    while (have >= bytes)
      if (free.compare_exchange_weak(have, have - bytes)) return true;
    return false;
  }
  void release(std::uint64_t bytes) override { free += bytes; }
  bool alive() override { return true; }
  bool fits(std::size_t) const override { return true; }
};

struct opened {
  model_file model = convolution_model();
  model_variant variant;
  std::unique_ptr<session> calls;

  explicit opened(const std::string& path, const std::string& precision = "fp32", simulated_device* memory = nullptr) {
    open(path, precision, memory);
  }
  opened(const model_file& m, const std::string& path) : model(m) { open(path, "fp32", nullptr); }
  void open(const std::string& path, const std::string& precision, simulated_device* memory) {
    variant.path = "made.pt";
    session_options o;
    o.variant = &variant;
    o.path = path;
    o.precision = precision;
    o.lanes = 2;
    device on;
    if (memory) on = {"sim:1MiB", "sim", 0, memory};
    calls = open_session(model, on, o);
  }
};

tensor made_rows(int n) {
  tensor t = make_tensor(dtype::float32, {n, 3, 16, 16});
  std::span<float> all = t.values<float>();
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<float>((i * 37 + 11) % 101) / 50 - 1;
  return t;
}

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

TEST_CASE("faults that a simulated device was asked for come when rows are run, not before") {
  class faulty_device final : public bounded_device {
   public:
    faulty_device() : bounded_device(1 << 20) {}
    bool alive() override { return ++calls < 3; }
    bool fits(std::size_t rows) const override { return rows <= 4; }
    int calls = 0;
  } memory;
  opened with(make_script(convolution_code()), "fp32", &memory);
  CHECK(memory.calls == 0);
  std::vector<tensor> out;
  tensor rows = made_rows(4), more = made_rows(5);
  CHECK(with.calls->run({&rows, 1}, 4, out).outcome == run_outcome::ok);
  run_result r = with.calls->run({&more, 1}, 5, out);
  CHECK(r.outcome == run_outcome::out_of_memory);
  CHECK(r.text == "5 rows are more than the sim device was asked to take");
  r = with.calls->run({&rows, 1}, 4, out);
  CHECK(r.outcome == run_outcome::device_lost);
  CHECK(r.text == "the sim device died, as it was asked to");
}

TEST_CASE("memory is counted, a call that finds none says so, and answers have left the device") {
  bounded_device memory(1 << 20);
  {
    opened with(make_script(convolution_code()), "fp32", &memory);
    std::uint64_t idle = memory.free;
    CHECK(idle < (1 << 20));
    CHECK(with.calls->need(1).resident > 0);
    std::vector<tensor> out;
    tensor rows = made_rows(4), many = made_rows(400);  // 8 x 16 x 16 floats a row: 8 KiB
    CHECK(with.calls->run({&rows, 1}, 4, out).outcome == run_outcome::ok);
    CHECK(memory.free == idle);
    run_result r = with.calls->run({&many, 1}, 400, out);
    CHECK(r.outcome == run_outcome::out_of_memory);
    CHECK(r.text.find("the device has no ") == 0);
    CHECK(memory.free == idle);
    CHECK(with.calls->run({&rows, 1}, 4, out).outcome == run_outcome::ok);
  }
  CHECK(memory.free == 1 << 20);
  bounded_device none(100);
  CHECK_THROWS_WITH(opened(make_script(convolution_code()), "fp32", &none),
                    doctest::Contains("out of memory: the weights in made.pt do not fit: the device has no "));
}

TEST_CASE("memory that runs out within the interpreter is no failure of the network") {
  bounded_device memory(1 << 20);
  opened with(make_script("def forward(self, x: Tensor):\n  y = x.repeat([1, 8, 1, 1])\n"
                          "  return (y * 2.0).sum([2, 3]).narrow(1, 0, 8)\n"),
              "fp32", &memory);
  std::vector<tensor> out;
  tensor rows = made_rows(2), many = made_rows(30);  // twice 24 KiB a row
  CHECK(with.calls->run({&rows, 1}, 2, out).outcome == run_outcome::ok);
  run_result r = with.calls->run({&many, 1}, 30, out);
  CHECK(r.outcome == run_outcome::out_of_memory);
  CHECK(r.text == "the device has no 786432 bytes left");
  CHECK(with.calls->run({&rows, 1}, 2, out).outcome == run_outcome::ok);
  CHECK(memory.free > 1000000);
}

TEST_CASE("calls of the steady state cause no page faults") {
  opened with(make_script(convolution_code()));
  tensor rows = made_rows(512);  // 4 MiB of values in between
  std::vector<tensor> out;
  auto faults = [] {
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    return used.ru_minflt;
  };
  for (int i = 0; i < 3; ++i) CHECK(with.calls->run({&rows, 1}, 512, out).outcome == run_outcome::ok);
  long before = faults();
  for (int i = 0; i < 20; ++i) CHECK(with.calls->run({&rows, 1}, 512, out).outcome == run_outcome::ok);
  CHECK(faults() - before < 100);  // without kept memory about 1,000 a call
}

TEST_CASE("LibTorch's threads do not add up with ours") {
  set_up_process();
  opened with(make_script(convolution_code()));
  auto call = [&] {
    tensor rows = made_rows(64);
    std::vector<tensor> out;
    for (int i = 0; i < 10; ++i) CHECK(with.calls->run({&rows, 1}, 64, out).outcome == run_outcome::ok);
  };
  std::thread a(call), b(call);
  a.join();
  b.join();
  std::size_t threads = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/task")) {
    CHECK(entry.exists());
    ++threads;
  }
  CHECK(threads == 1);
}
