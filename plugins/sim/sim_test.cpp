#include <doctest/doctest.h>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <thread>

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
    sim_session s(model, on, {2000, 500, {}, 0});
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

TEST_CASE("rows that another backend left on the device are echoed") {
  small_device memory;
  model_file model = small_model();
  sim_session s(model, {"sim:1000", "sim", 0, &memory}, {0, 0, {}, 0});
  tensor in = make_tensor(dtype::float32, {1, 2});
  in.values<float>()[0] = 1;
  in.values<float>()[1] = 2;
  in.where = {place::sim, 0};
  std::vector<tensor> out;
  CHECK(s.run({&in, 1}, 1, out).outcome == run_outcome::ok);
  CHECK(out.at(0).values<const float>()[1] == 2);
  in.where = {place::cuda, 0};
  CHECK(s.run({&in, 1}, 1, out).text ==
        "a tensor on cuda:0 was read as if it were in the CPU's memory; fetch() it first");
}

TEST_CASE("of shapes with a range, rows as long as they come are echoed in rows as long") {
  model_file model = small_model();
  model.inputs[0].shape = {{1, 4}};
  model.outputs[0].shape = {{2, 3}, {1, 5}};
  model.outputs.push_back({"same", dtype::float32, {{1, 9}}, {}});
  sim_session s(model, device{}, {});
  tensor in = make_tensor(dtype::float32, {2, 4});
  for (int i = 0; i < 8; ++i) in.values<float>()[static_cast<std::size_t>(i)] = static_cast<float>(i);
  std::vector<tensor> out;
  REQUIRE(s.run({&in, 1}, 2, out).outcome == run_outcome::ok);
  CHECK(out[0].shape == std::vector<std::int64_t>{2, 3, 5});
  CHECK(out[1].shape == std::vector<std::int64_t>{2, 4});
  CHECK(out[1].values<const float>()[4] == 4);
  in = make_tensor(dtype::float32, {1, 1});
  in.values<float>()[0] = 6;
  REQUIRE(s.run({&in, 1}, 1, out).outcome == run_outcome::ok);
  CHECK(out[0].shape == std::vector<std::int64_t>{1, 2, 5});
  CHECK(out[1].shape == std::vector<std::int64_t>{1, 1});
  CHECK(out[0].values<const float>()[9] == 6);
  model.inputs[0].type = dtype::int64;
  CHECK_THROWS_WITH(sim_session(model, device{}, {}), "'in' is not float32, all the sim backend runs");
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
  std::string good =
      write_file("# a curve\ncall_us 1500\n\nrow_us 20.5 # each\nabove_us 48 400\nabove_us 64 100\nat_once 2\n");
  cost_curve c = read_cost_curve(good);
  CHECK(c.call_us == 1500);
  CHECK(c.row_us == 20.5);
  CHECK(c.at_once == 2);
  CHECK(c.call_microseconds(48) == 1500 + 48 * 20.5);
  CHECK(c.call_microseconds(50) == 1500 + 50 * 20.5 + 2 * 400);
  CHECK(c.call_microseconds(65) == 1500 + 65 * 20.5 + 17 * 400 + 100);
  std::remove(good.c_str());
  for (const char* line :
       {"rows_us 2", "call_us", "call_us 3 4", "call_us 3x", "row_us -1", "above_us 48", "at_once 0"}) {
    CAPTURE(line);
    std::string bad = write_file((std::string("call_us 3\n") + line + "\n").c_str());
    CHECK_THROWS_WITH(read_cost_curve(bad),
                      "line 2 of its cost curve is not `call_us MICROSECONDS`, `row_us MICROSECONDS`, "
                      "`above_us ROWS MICROSECONDS` or `at_once CALLS` (1..64)");
    std::remove(bad.c_str());
  }
}

TEST_CASE("above what is computed at once, calls wait for each other") {
  model_file model = small_model();
  sim_session s(model, device{}, {20000, 0, {}, 1});
  auto begin = std::chrono::steady_clock::now();
  std::vector<std::thread> calls;
  for (int i = 0; i < 3; ++i)
    calls.emplace_back([&s] {
      tensor in = make_tensor(dtype::float32, {1, 2});
      std::vector<tensor> out;
      s.run({&in, 1}, 1, out);
    });
  for (std::thread& t : calls) t.join();
  CHECK(std::chrono::steady_clock::now() - begin >= std::chrono::milliseconds(60));
}
