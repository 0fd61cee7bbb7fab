// Whose memory a session's answers lie in.
#include <doctest/doctest.h>

#include <fstream>

#include "opened_network.hpp"

using namespace flowrun;
using namespace flowrun::torch_backend;

namespace {

model_file model_of(std::vector<dimension> output, const char* second = nullptr) {
  model_file m = convolution_model();
  m.outputs[0].shape = std::move(output);
  if (second) m.outputs.push_back({second, dtype::float32, {{3, 3}, {16, 16}, {16, 16}}, {}});
  return m;
}

std::vector<tensor> run(opened& with, const tensor& rows) {
  std::vector<tensor> out;
  const run_result r = with.calls->run({&rows, 1}, static_cast<std::size_t>(rows.shape[0]), out);
  REQUIRE_MESSAGE(r.outcome == run_outcome::ok, r.text);
  return out;
}

void fill(const tensor& t, float value) {
  for (float& v : t.values<float>()) v = value;
}

// A buffer that is filled anew for each call, as a batch's is.
void check_kept_answers(opened& with, int rows, std::size_t output) {
  const tensor buffer = made_rows(rows);
  std::vector<tensor> kept;
  for (int i = 0; i < 20; ++i) {
    fill(buffer, static_cast<float>(i));
    kept.push_back(run(with, buffer).at(output));
  }
  for (std::size_t i = 0; i < kept.size(); ++i)
    for (float v : kept[i].values<const float>()) REQUIRE(v == static_cast<float>(i));
}

// Bytes of this process in the memory.
std::uint64_t resident_bytes() {
  std::ifstream in("/proc/self/statm");
  std::uint64_t all = 0, resident = 0;
  in >> all >> resident;
  return resident * 4096;
}

}  // namespace

TEST_CASE("an answer that is the input, or a part of it, keeps its values when the input's buffer is filled anew") {
  opened flat(model_of({{768, 768}}), make_script("def forward(self, x: Tensor):\n  return x.flatten(1)\n"));
  check_kept_answers(flat, 4, 0);
  opened part(model_of({{8, 8}}),
              make_script("def forward(self, x: Tensor):\n  return x.flatten(1).narrow(1, 0, 8)\n"));
  check_kept_answers(part, 1, 0);
  opened both(model_of({{3, 3}}, "same"), make_script("def forward(self, x: Tensor):\n  return (x.sum([2, 3]), x)\n"));
  check_kept_answers(both, 4, 1);
}

TEST_CASE("an answer that is a state keeps its values when the next call changes the state") {
  model_file m = model_of({{8, 8}});
  m.stream_state = true;
  opened with(m,
              make_script("def forward(self, x: Tensor):\n  self.weights.add_(1.0)\n"
                          "  return self.weights.permute([0, 2, 3, 1]).flatten().narrow(0, 0, 8).reshape([1, 8])\n"));
  const tensor rows = made_rows(1);
  fill(rows, 0);
  std::vector<tensor> first, second;
  REQUIRE(with.calls->run_in_stream(1, {&rows, 1}, first).outcome == run_outcome::ok);
  REQUIRE(with.calls->run_in_stream(1, {&rows, 1}, second).outcome == run_outcome::ok);
  CHECK(second[0].values<const float>()[3] == doctest::Approx(first[0].values<const float>()[3] + 1));
}

TEST_CASE("an answer that is a weight leaves the weights on the device's account") {
  bounded_device memory(1 << 20);
  opened with(
      make_script("def forward(self, x: Tensor):\n  y = self.weights.permute([0, 2, 3, 1]).flatten().narrow(0, 0, 8)\n"
                  "  return y.reshape([1, 8])\n"),
      "fp32", &memory);
  const tensor rows = made_rows(1);
  CHECK(memory.free <= (1 << 20) - 8 * 27 * sizeof(float));
  CHECK(run(with, rows).at(0).values<const float>()[0] == -1);
  CHECK(memory.free <= (1 << 20) - 8 * 27 * sizeof(float));
}

TEST_CASE("an answer that had to be copied to be contiguous has left the device") {
  bounded_device memory(1 << 20);
  opened with(make_script("def forward(self, x: Tensor):\n  y = x * 2.0\n  return y.flatten(1).narrow(1, 0, 8)\n"),
              "fp32", &memory);
  const tensor rows = made_rows(4);
  const std::uint64_t idle = memory.free;
  const tensor answer = run(with, rows).at(0);
  CHECK(answer.values<const float>()[8] == rows.values<float>()[768] * 2);
  CHECK(memory.free == idle);
}

TEST_CASE("an input that lies on a device is refused, not read as if it lay in the CPU's memory") {
  opened with(make_script(convolution_code()));
  tensor rows = made_rows(2);
  rows.where = {place::cuda, 1};
  std::vector<tensor> out;
  const run_result r = with.calls->run({&rows, 1}, 2, out);
  CHECK(r.outcome == run_outcome::failed);
  CHECK(r.text == "an input lies on cuda:1; this session takes inputs in the CPU's memory");
}

TEST_CASE("a session that goes gives the memory of its calls back to the system") {
  constexpr std::uint64_t mib = 1 << 20;
  const std::uint64_t before = resident_bytes();
  {
    opened with(
        make_script("def forward(self, x: Tensor):\n  return x.repeat([1, 128, 1, 1]).sum([2, 3]).narrow(1, 0, 8)\n"));
    run(with, made_rows(512));  // 192 MiB
    CHECK(resident_bytes() > before + 150 * mib);
  }
  CHECK(resident_bytes() < before + 50 * mib);
}
