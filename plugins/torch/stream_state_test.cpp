// Networks with a state by stream.
#include <doctest/doctest.h>

#include "opened_network.hpp"

using namespace flowrun;
using namespace flowrun::torch_backend;

namespace {

constexpr int values = 3 * 16 * 16;

// What it has seen of a stream is kept twice: in an attribute it sets, and in a buffer it changes in place.
constexpr auto sum_code = R"(
def forward(self, x: Tensor):
  self.state = self.state + x.sum()
  self.places.add_(1.0)
  assert float(x.sum()) < 5000.0, "too bright"
  return torch.cat([self.state, self.places], 1)
)";

model_file sum_model() {
  model_file m = convolution_model();
  m.stream_state = true;
  return m;
}

tensor row_of(float value) {
  tensor t = make_tensor(dtype::float32, {1, 3, 16, 16});
  for (float& v : t.values<float>()) v = value;
  return t;
}

struct answer {
  float sum = 0, rows = 0;
};

answer run(session& with, std::uint64_t stream, float value) {
  const tensor row = row_of(value);
  std::vector<tensor> out;
  const run_result r = with.run_in_stream(stream, {&row, 1}, out);
  REQUIRE_MESSAGE(r.outcome == run_outcome::ok, r.text);
  return {out.at(0).values<const float>()[0] / values, out[0].values<const float>()[4]};
}

}  // namespace

TEST_CASE("each stream has a state of its own, which is forgotten at its end") {
  opened with(sum_model(), make_state_script(sum_code));
  session& s = *with.calls;
  for (int i = 1; i <= 3; ++i) {
    CHECK(run(s, 1, 1).sum == i);
    CHECK(run(s, 2, 2).sum == 2 * i);
    CHECK(run(s, 2, 0).rows == 2 * i);
  }
  s.reset(1);
  s.reset(7);  // never seen
  const answer anew = run(s, 1, 3), other = run(s, 2, 1);
  CHECK(anew.sum == 3);
  CHECK(anew.rows == 1);
  CHECK(other.sum == 7);
  CHECK(other.rows == 7);
}

TEST_CASE("after a fault its stream begins anew, and no other") {
  opened with(sum_model(), make_state_script(sum_code));
  session& s = *with.calls;
  CHECK(run(s, 1, 1).sum == 1);
  CHECK(run(s, 2, 1).sum == 1);
  const tensor bright = row_of(100);
  std::vector<tensor> out;
  const run_result r = s.run_in_stream(1, {&bright, 1}, out);
  CHECK(r.outcome == run_outcome::failed);
  CHECK(r.text.find("too bright") != std::string::npos);
  const answer anew = run(s, 1, 1), other = run(s, 2, 1);
  CHECK(anew.sum == 1);
  CHECK(anew.rows == 1);
  CHECK(other.sum == 2);
  CHECK(other.rows == 2);
}

TEST_CASE("streams share the weights: of a device each takes its state only, and gives it back") {
  bounded_device memory(1 << 20);
  opened with(sum_model(), make_state_script(sum_code), &memory);
  const std::uint64_t weights = 8 * 27 * sizeof(float), idle = memory.free;
  for (std::uint64_t stream = 0; stream < 10; ++stream) CHECK(run(*with.calls, stream, 1).sum == 1);
  CHECK(idle - memory.free > 0);
  CHECK(idle - memory.free < 10 * weights / 2);
  for (std::uint64_t stream = 0; stream < 10; ++stream) with.calls->reset(stream);
  CHECK(memory.free == idle);
}

TEST_CASE("after a call that the device refused its stream begins anew too") {
  struct choosy_device : bounded_device {
    using bounded_device::bounded_device;
    bool takes = true;
    bool fits(std::size_t) const override { return takes; }
  } memory(1 << 20);
  opened with(sum_model(), make_state_script(sum_code), &memory);
  session& s = *with.calls;
  CHECK(run(s, 1, 1).sum == 1);
  memory.takes = false;
  const tensor row = row_of(1);
  std::vector<tensor> out;
  CHECK(s.run_in_stream(1, {&row, 1}, out).outcome == run_outcome::out_of_memory);
  memory.takes = true;
  CHECK(run(s, 1, 1).sum == 1);
}

TEST_CASE("rows without a stream are refused") {
  opened with(sum_model(), make_state_script(sum_code));
  const tensor row = row_of(1);
  std::vector<tensor> out;
  const run_result r = with.calls->run({&row, 1}, 1, out);
  CHECK(r.outcome == run_outcome::failed);
  CHECK(r.text == "it keeps a state by stream; its rows belong to none");
}

TEST_CASE("a compiled package is refused for a model with a state") {
  const model_file m = sum_model();
  model_variant compiled;
  compiled.path = "net-fp32.pt2";
  session_options o;
  o.variant = &compiled;
  o.path = write_text_file("never read");
  o.precision = "fp32";
  CHECK_THROWS_WITH_AS(open_session(m, {}, o),
                       "its file net-fp32.pt2 is a compiled package, which keeps no state by stream; give it the "
                       "TorchScript file",
                       std::runtime_error);
}

TEST_CASE("a state that is the input itself stays when the input's buffer is filled anew") {
  opened with(sum_model(), make_state_script(R"(
def forward(self, x: Tensor):
  before = self.state
  self.state = x.flatten(1)
  return torch.cat([before, before], 1).narrow(1, 0, 8)
)"));
  const tensor buffer = row_of(0);
  for (int i = 1; i <= 5; ++i) {
    for (float& v : buffer.values<float>()) v = static_cast<float>(i);
    std::vector<tensor> out;
    const run_result r = with.calls->run_in_stream(1, {&buffer, 1}, out);
    REQUIRE_MESSAGE(r.outcome == run_outcome::ok, r.text);
    CHECK(out.at(0).values<const float>()[0] == static_cast<float>(i - 1));
    for (float& v : buffer.values<float>()) v = 1000;
  }
}
