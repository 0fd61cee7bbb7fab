// What the sampler makes of a card's answers and of a simulated device.
#include <doctest/doctest.h>

#include "device/simulated_memory.hpp"
#include "fake_card.hpp"
#include "report/run_sampler.hpp"

using namespace flowrun;
using namespace flowrun::core;
using namespace std::chrono_literals;

static constexpr std::uint64_t mib = 1 << 20;

static std::shared_ptr<device_state> open_card_zero(const gpu_options& options) {
  device_spec spec;
  spec.kind = "cuda";
  spec.text = "cuda:0";
  std::string fault;
  auto state = share_device(spec, options, fault);
  REQUIRE(state);
  state->set_pool(8000 * mib, 9000 * mib);
  return state;
}

static report sample(const std::shared_ptr<device_state>& d, std::chrono::milliseconds length,
                     progress* last = nullptr) {
  run_sampler sampler({d}, 5ms);
  std::this_thread::sleep_for(length);
  sampler.end();
  if (last) sampler.fill(*last);
  report r;
  r.devices.resize(1);
  sampler.fill(r);
  return r;
}

TEST_CASE("a card: the mean of how busy it was, the peak of its memory, and what others held") {
  fake_card fake(
      "card NVIDIA X|GPU-1|16000\nused 0 1000 1000 1000 7000 5000\nbusy 0 40\nprocess 0 4242 900\nprocess 0 self 0\n");
  progress p;
  const report r = sample(open_card_zero(fake.options), 60ms, &p);
  const device_report& d = r.devices[0];
  CHECK(d.card == "NVIDIA X");
  CHECK(d.total == 16000 * mib);
  CHECK(d.budget == 9000 * mib);
  CHECK(d.samples >= 3);
  CHECK(d.gpu_busy == doctest::Approx(0.4));
  CHECK(d.used == 5000 * mib);
  CHECK(d.peak_used == 7000 * mib);
  CHECK(d.others == 7000 * mib);
  CHECK(r.notes.empty());
  REQUIRE(p.devices.size() == 1);
  CHECK(p.devices[0].name == "cuda:0");
  CHECK(p.devices[0].busy == doctest::Approx(0.4));
  CHECK(p.devices[0].used == 5000 * mib);
  CHECK(p.devices[0].total == 16000 * mib);
}

TEST_CASE("what the driver does not tell is not made up, and said once") {
  fake_card fake(std::string(one_card) + "fail nvmlDeviceGetUtilizationRates 4\n");
  const report r = sample(open_card_zero(fake.options), 30ms);
  CHECK(r.devices[0].gpu_busy == -1);
  CHECK(r.devices[0].used == 1200 * mib);
  REQUIRE(r.notes.size() == 1);
  CHECK(r.notes[0] ==
        "device cuda:0 (NVIDIA GeForce RTX 5080): the driver does not tell how busy it is: Insufficient Permissions");
}

TEST_CASE("a card that is lost is marked: the run stops there") {
  fake_card fake(std::string(one_card) + "fail nvmlDeviceGetMemoryInfo 15 3\n");
  auto state = open_card_zero(fake.options);
  const report r = sample(state, 50ms);
  CHECK(state->lost());
  REQUIRE(r.notes.size() == 1);
  CHECK(r.notes[0] == "device cuda:0 (NVIDIA GeForce RTX 5080): the driver does not tell its memory: GPU is lost");
}

static std::shared_ptr<device_state> make_simulated() {
  device_spec spec;
  spec.kind = "sim";
  spec.text = "sim:1GiB,others=100MiB";
  spec.memory = 1024 * mib;
  spec.others = 100 * mib;
  return std::make_shared<device_state>(spec);
}

TEST_CASE("a simulated device: its own numbers") {
  auto state = make_simulated();
  state->set_pool(500 * mib, 600 * mib);
  run_sampler sampler({state}, 5ms);
  REQUIRE(state->handle().simulated->allocate(200 * mib));
  {
    device_share share(*state, 200 * mib);
    std::this_thread::sleep_for(60ms);
  }
  state->handle().simulated->release(150 * mib);
  sampler.end();
  report r;
  r.devices.resize(1);
  sampler.fill(r);
  const device_report& d = r.devices[0];
  CHECK(d.card == "");
  CHECK(d.gpu_busy > 0.5);
  CHECK(d.busy > 0.5);
  CHECK(d.busy <= 1);
  CHECK(d.peak == 200 * mib);
  CHECK(d.peak_used == 300 * mib);
  CHECK(d.used == 150 * mib);
  CHECK(d.others == 100 * mib);
  CHECK(d.total == 1024 * mib);
}

TEST_CASE("what another run did on the device before is not this one's") {
  auto state = make_simulated();
  state->set_pool(500 * mib);
  run_sampler earlier({state}, 5ms);
  {
    device_share share(*state, 200 * mib);
    std::this_thread::sleep_for(200ms);
  }
  report r = sample(state, 20ms);
  CHECK(r.devices[0].busy == 0);
  CHECK(r.devices[0].peak == 0);
  earlier.end();
  earlier.fill(r);
  CHECK(r.devices[0].busy > 0.5);
  CHECK(r.devices[0].peak == 200 * mib);
}

TEST_CASE("without devices there is no thread, and the cores are told of the whole run") {
  run_sampler sampler({});
  const auto end = std::chrono::steady_clock::now() + 300ms;
  while (std::chrono::steady_clock::now() < end) {}
  progress p;
  sampler.fill(p);
  sampler.end();
  report r;
  sampler.fill(r);
  CHECK(p.cpu_busy > 0);
  CHECK(r.cpu.cores >= 1);
  CHECK(r.cpu.own > 0);
  CHECK(r.cpu.own <= 1);
}
