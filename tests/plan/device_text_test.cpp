// Devices as users name them, and what is said about those that are none.
#include <doctest/doctest.h>

#include "plan/device_text.hpp"

using namespace flowrun::core;

namespace {

device_spec read(const std::string& text) {
  std::string fault;
  const auto d = read_device(text, fault);
  CHECK(fault == "");
  REQUIRE(d);
  CHECK(d->text == text);
  return *d;
}

std::string fault_of(const std::string& text) {
  std::string fault;
  CHECK(!read_device(text, fault));
  return fault;
}

}  // namespace

TEST_CASE("devices") {
  CHECK(read("cpu").kind == "cpu");
  CHECK(read("cuda").kind == "cuda");
  CHECK(read("cuda").index == 0);
  CHECK(read("cuda:3").index == 3);
  const device_spec plain = read("sim:16GiB");
  CHECK(plain.kind == "sim");
  CHECK(plain.memory == std::uint64_t{16} << 30);
  CHECK(plain.die_after == 0);
  CHECK(plain.oom_above == 0);
  CHECK(plain.others == 0);
  CHECK(read("sim:1048576").memory == 1048576);
  const device_spec faulty = read("sim:8188MiB,others=4GiB,oom_above=32,die_after=100");
  CHECK(faulty.memory == std::uint64_t{8188} << 20);
  CHECK(faulty.die_after == 100);
  CHECK(faulty.oom_above == 32);
  CHECK(faulty.others == std::uint64_t{4} << 30);
  CHECK(read("sim:4GiB,others=4GiB").others == std::uint64_t{4} << 30);
}

TEST_CASE("an earlier fault is forgotten") {
  std::string fault = "an old one";
  CHECK(read_device("cpu", fault));
  CHECK(fault == "");
  fault = "an old one";
  CHECK(read_device("cuda:1", fault));
  CHECK(read_device("sim:1GiB", fault));
}

TEST_CASE("what is no device") {
  CHECK(fault_of("") == "the device has no name; write cpu, cuda, cuda:N or sim:SIZE");
  CHECK(fault_of("gpu") == "'gpu' is not a device; there is: cpu, cuda, cuda:N, sim:SIZE. Did you mean 'cuda'?");
  CHECK(fault_of("gpu:1") == "'gpu' is not a device; there is: cpu, cuda, cuda:N, sim:SIZE. Did you mean 'cuda'?");
  CHECK(fault_of("CUDA:0") == "'CUDA' is not a device; there is: cpu, cuda, cuda:N, sim:SIZE. Did you mean 'cuda'?");
  CHECK(fault_of("sin:4GiB") == "'sin' is not a device; there is: cpu, cuda, cuda:N, sim:SIZE. Did you mean 'sim'?");
  CHECK(fault_of("tpu-v4") == "'tpu-v4' is not a device; there is: cpu, cuda, cuda:N, sim:SIZE");
  CHECK(fault_of("cpu:1") == "nothing may stand behind 'cpu', but here it is 'cpu:1'; write cpu");
  CHECK(fault_of("cuda:") == "'' is not the number of a CUDA device; the first is cuda:0");
  CHECK(fault_of("cuda:one") == "'one' is not the number of a CUDA device; the first is cuda:0");
  CHECK(fault_of("cuda:-1") == "'-1' is not the number of a CUDA device; the first is cuda:0");
  CHECK(fault_of("cuda:1,2") == "'1,2' is not the number of a CUDA device; the first is cuda:0");
  CHECK(fault_of("cuda,1") == "'' is not the number of a CUDA device; the first is cuda:0");
}

TEST_CASE("sim devices that are none") {
  const char* need = "'sim' needs the size of its memory; write sim:16GiB";
  CHECK(fault_of("sim") == need);
  CHECK(fault_of("sim:") == need);
  CHECK(fault_of("sim,die_after=3") == need);
  CHECK(fault_of("sim:,die_after=3") == need);
  CHECK(fault_of("sim:much") ==
        "the memory of a sim device must be a size of at least 1MiB, such as sim:16GiB, but is 'much'");
  CHECK(fault_of("sim:16") ==
        "the memory of a sim device must be a size of at least 1MiB, such as sim:16GiB, but is '16'");
  CHECK(fault_of("sim:16GiB,") == "'' is not a setting of a sim device; there is: die_after, oom_above, others");
  CHECK(fault_of("sim:16GiB,die_afer=3") ==
        "'die_afer' is not a setting of a sim device; there is: die_after, oom_above, others. Did you mean "
        "'die_after'?");
  CHECK(fault_of("sim:16GiB,die_after") == "'die_after' has no value; write die_after=100");
  CHECK(fault_of("sim:16GiB,others=") == "'others' has no value; write others=4GiB");
  CHECK(fault_of("sim:16GiB,die_after=0") == "'die_after' must be a number from 1, such as die_after=100, but is '0'");
  CHECK(fault_of("sim:16GiB,oom_above=-2") ==
        "'oom_above' must be a number from 1, such as oom_above=100, but is '-2'");
  CHECK(fault_of("sim:16GiB,oom_above=2x") ==
        "'oom_above' must be a number from 1, such as oom_above=100, but is '2x'");
  CHECK(fault_of("sim:16GiB,others=half") == "'others' must be a size, such as others=4GiB, but is 'half'");
  CHECK(fault_of("sim:4GiB,others=5GiB") == "'others' is 5GiB, which is more than the device has");
  CHECK(fault_of("sim:4GiB,die_after=5,die_after=6") == "'die_after' is given twice");
}
