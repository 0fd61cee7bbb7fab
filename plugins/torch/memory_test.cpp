#include <doctest/doctest.h>
#include <sys/resource.h>

#include <filesystem>
#include <thread>

#include "opened_network.hpp"

using namespace flowrun;
using namespace flowrun::torch_backend;

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
