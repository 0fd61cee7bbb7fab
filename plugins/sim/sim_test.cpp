#include <doctest/doctest.h>

#include <chrono>
#include <cstdio>
#include <fstream>

#include "sim_session.hpp"

using namespace flowrun;
using namespace flowrun::sim;

namespace {

class small_device : public simulated_device {
 public:
  std::uint64_t free = 1000, calls = 0;
  std::size_t most_rows = 8;
  bool allocate(std::uint64_t bytes) override {
    if (bytes > free) return false;
    free -= bytes;
    return true;
  }
  void release(std::uint64_t bytes) override { free += bytes; }
  bool alive() override { return ++calls < 4; }
  bool fits(std::size_t rows) const override { return rows <= most_rows; }
};

model_file small_model() {
  model_file m;
  m.name = "small";
  m.inputs.push_back({"in", dtype::float32, {{2, 2}}, {}});
  m.outputs.push_back({"out", dtype::float32, {{3, 3}}, {}});
  m.needs = {500, 100, 0, true};
  return m;
}

std::string write_file(const char* text) {
  char name[] = "/tmp/flowrun_simXXXXXX";
  int descriptor = mkstemp(name);
  REQUIRE(descriptor >= 0);
  FILE* f = fdopen(descriptor, "w");
  std::fputs(text, f);
  std::fclose(f);
  return name;
}

}  // namespace

TEST_CASE("rows are echoed, bytes are taken and given back, and the session takes the time its curve says") {
  small_device memory;
  device on{"sim:1000", "sim", 0, &memory};
  model_file model = small_model();
  {
    sim_session s(model, on, {2000, 500});
    CHECK(memory.free == 500);
    tensor in = make_tensor(dtype::float32, {4, 2});
    for (int i = 0; i < 8; ++i) in.values<float>()[static_cast<std::size_t>(i)] = static_cast<float>(i);
    std::vector<tensor> out;
    auto begin = std::chrono::steady_clock::now();
    CHECK(s.run({&in, 1}, 4, out).outcome == run_outcome::ok);
    CHECK(std::chrono::steady_clock::now() - begin >= std::chrono::milliseconds(4));
    CHECK(memory.free == 500);
    REQUIRE(out.size() == 1);
    CHECK(out[0].shape == std::vector<std::int64_t>{4, 3});
    CHECK(out[0].values<const float>()[3] == 2);  // second row: 2 3 2
    CHECK(out[0].values<const float>()[5] == 2);
    CHECK(s.need(4).workspace == 400);
    CHECK(s.figures().reserved_bytes == 900);
    CHECK(s.figures().copy_in_seconds == 0);

    run_result r = s.run({&in, 1}, 6, out);  // 600 bytes, 500 are free
    CHECK(r.outcome == run_outcome::out_of_memory);
    memory.most_rows = 2;
    CHECK(s.run({&in, 1}, 3, out).outcome == run_outcome::out_of_memory);
    r = s.run({&in, 1}, 1, out);
    CHECK(r.outcome == run_outcome::device_lost);
    CHECK(r.text == "the sim device died, as it was asked to");
  }
  CHECK(memory.free == 1000);
}

TEST_CASE("weights that do not fit are told with their size") {
  small_device memory;
  memory.free = 100;
  device on{"sim:100", "sim", 0, &memory};
  model_file model = small_model();
  model.needs.resident = 64 << 20;
  CHECK_THROWS_WITH(sim_session(model, on, {}), "out of memory: its weights take 64 MiB, more than is free on sim:100");
}

TEST_CASE("a GPU is refused: nothing would compute there") {
  device on{"cuda:0", "cuda", 0, nullptr};
  model_file model = small_model();
  CHECK_THROWS_WITH(sim_session(model, on, {}),
                    "the sim backend computes nothing and has no CUDA; give the model a file of a backend that has");
}

TEST_CASE("a cost curve is read, and a bad line named") {
  std::string good = write_file("# a curve\ncall_us 1500\n\nrow_us 20.5 # each\n");
  cost_curve c = read_cost_curve(good);
  CHECK(c.call_us == 1500);
  CHECK(c.row_us == 20.5);
  std::string bad = write_file("call_us 3\nrows_us 2\n");
  CHECK_THROWS_WITH(read_cost_curve(bad),
                    "line 2 of its cost curve is not `call_us MICROSECONDS` or `row_us MICROSECONDS`");
  std::remove(good.c_str());
  std::remove(bad.c_str());
}
