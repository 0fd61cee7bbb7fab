// Outputs that stay on a device: on a simulated one, whose memory is the CPU's and is counted.
#include <doctest/doctest.h>

#include "opened_network.hpp"

using namespace flowrun;
using namespace flowrun::torch_backend;

namespace {

constexpr std::int64_t width = 4096;
constexpr std::uint64_t row_bytes = 4 * width, all = 1 << 20;
constexpr place here = {place::sim, 0};

model_file row_model() {
  model_file m;
  m.name = "made";
  m.inputs.push_back({"in", dtype::float32, {{width, width}}, {}});
  m.outputs.push_back({"out", dtype::float32, {{width, width}}, {}});
  return m;
}

std::string code(const std::string& body) {
  return "def forward(self, x: Tensor):\n" + body;
}

opened staying(const std::string& body, simulated_device* memory) {
  return opened(row_model(), make_script(code(body)), memory, true);
}

tensor rows_of(float value, std::int64_t rows = 1) {
  tensor t = make_tensor(dtype::float32, {rows, width});
  for (float& v : t.values<float>()) v = value;
  return t;
}

tensor run(opened& with, const tensor& in) {
  std::vector<tensor> out;
  const run_result r = with.calls->run({&in, 1}, static_cast<std::size_t>(in.shape[0]), out);
  REQUIRE_MESSAGE(r.outcome == run_outcome::ok, r.text);
  return out.at(0);
}

std::string fault_of(opened& with, const tensor& in) {
  std::vector<tensor> out;
  const run_result r = with.calls->run({&in, 1}, static_cast<std::size_t>(in.shape[0]), out);
  CHECK(r.outcome == run_outcome::failed);
  return r.text;
}

tensor fetched(opened& with, const tensor& from) {
  tensor to;
  const run_result r = with.calls->fetch(from, to);
  REQUIRE_MESSAGE(r.outcome == run_outcome::ok, r.text);
  return to;
}

// What no stage may: reads where it lies.
float value_there(const tensor& t) {
  return static_cast<const float*>(t.data.get())[t.count() - 1];
}

bool are(const tensor& t, float value) {
  for (float v : t.values<const float>())
    if (v != value) return false;
  return true;
}

}  // namespace

TEST_CASE("an output stays on the device, and is the next call's input where it lies") {
  bounded_device memory(all);
  {
    opened first = staying("  return x * 2.0\n", &memory);
    // Writes to its input, as no network should: so it is seen that it is the tensor itself.
    opened second = staying("  x.mul_(3.0)\n  return x + 1.0\n", &memory);
    const std::uint64_t idle = memory.free;
    tensor a = run(first, rows_of(5, 2));
    CHECK(a.where == here);
    CHECK(a.where.text() == "sim:0");
    CHECK(memory.free == idle - 2 * row_bytes);
    tensor b = run(second, a);
    CHECK(b.where == here);
    CHECK(value_there(a) == 30);
    CHECK(value_there(b) == 31);
    CHECK(memory.free == idle - 4 * row_bytes);
    // Whichever session of the device fetches it: a copy that is not on the account.
    const tensor back = fetched(first, b);
    CHECK(back.where.on_cpu());
    CHECK(back.shape == b.shape);
    CHECK(back.data.get() != b.data.get());
    CHECK(are(back, 31));
    CHECK(memory.free == idle - 4 * row_bytes);
    a = {};
    CHECK(memory.free == idle - 2 * row_bytes);
    CHECK(value_there(b) == 31);
    b = {};
    CHECK(memory.free == idle);
    CHECK(are(back, 31));
  }
  CHECK(memory.free == all);
}

TEST_CASE("a tensor on a device is not read, and does not pass for one of another device") {
  bounded_device memory(all);
  opened with = staying("  return x * 2.0\n", &memory);
  tensor t = run(with, rows_of(1));
  CHECK_THROWS_WITH_AS(t.values<const float>(),
                       "a tensor on sim:0 was read as if it were in the CPU's memory; fetch() it first",
                       std::logic_error);
  opened on_cpu = staying("  return x * 2.0\n", nullptr);
  CHECK(fault_of(on_cpu, t) == "an input lies on sim:0; this session takes inputs in the CPU's memory");
  tensor to;
  t.where = {place::cuda, 1};
  CHECK(fault_of(with, t) == "an input lies on cuda:1; this session takes inputs in the CPU's memory or on sim:0");
  const run_result r = with.calls->fetch(t, to);
  CHECK(r.outcome == run_outcome::failed);
  CHECK(r.text == "the tensor lies on cuda:1, this session on sim:0; fetch it from a session of cuda:1");
}

TEST_CASE("outputs stay neither on the CPU nor unasked") {
  opened on_cpu = staying("  return x * 2.0\n", nullptr);
  CHECK(are(run(on_cpu, rows_of(4)), 8));
  bounded_device memory(all);
  opened unasked(row_model(), make_script(code("  return x * 2.0\n")), &memory, false);
  const std::uint64_t idle = memory.free;
  const tensor out = run(unasked, rows_of(4));
  CHECK(are(out, 8));
  CHECK(memory.free == idle);
  // It takes such as another left there.
  opened stays = staying("  return x * 2.0\n", &memory);
  CHECK(are(run(unasked, run(stays, out)), 32));
}

TEST_CASE("an output that is the input is memory of its own, also on the device") {
  bounded_device memory(all);
  opened doubling = staying("  return x * 2.0\n", &memory), same = staying("  return x\n", &memory);
  const std::uint64_t idle = memory.free;
  const tensor a = run(doubling, rows_of(3)), b = run(same, a), c = run(same, rows_of(9));
  CHECK(a.data.get() != b.data.get());
  CHECK(memory.free == idle - 3 * row_bytes);
  CHECK(are(fetched(same, b), 6));
  CHECK(are(fetched(same, c), 9));
}

TEST_CASE("what is kept on the device leaves the less for the next call") {
  bounded_device memory(all);
  opened with = staying("  return x * 2.0\n", &memory);
  const tensor in = rows_of(1, 8);
  std::vector<tensor> kept, out;
  run_result r;
  while ((r = with.calls->run({&in, 1}, 8, out)).outcome == run_outcome::ok) {
    kept.push_back(out.at(0));
    out.clear();
    REQUIRE(kept.size() <= all / (8 * row_bytes));
  }
  CHECK(kept.size() >= 7);
  CHECK(r.outcome == run_outcome::out_of_memory);
  CHECK(r.text == "the device has no 131072 bytes left");
  CHECK(are(fetched(with, kept.back()), 2));  // a copy takes nothing of the device
  kept.pop_back();
  CHECK(with.calls->run({&in, 1}, 8, out).outcome == run_outcome::ok);
}

TEST_CASE("a tensor outlives the session that made it, and the device") {
  tensor kept;
  {
    bounded_device memory(all);
    {
      opened with = staying("  return x * 2.0\n", &memory);
      kept = run(with, rows_of(7));
    }
    CHECK(memory.free == all);
    {
      tensor freed;
      {
        opened with = staying("  return x * 2.0\n", &memory);
        freed = run(with, rows_of(8));
      }
      CHECK(memory.free == all);
    }
    CHECK(memory.free == all);  // given back once
    opened other = staying("  return x + 1.0\n", &memory);
    CHECK(are(fetched(other, run(other, kept)), 15));
  }
  CHECK(value_there(kept) == 14);
  kept = {};
}
