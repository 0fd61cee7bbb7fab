// The state of a CUDA device: its bytes are the driver's, and shared in turn as those of a simulated one.
#include <doctest/doctest.h>

#include "device/device_state.hpp"
#include "fake_card.hpp"

using namespace flowrun::core;

static constexpr std::uint64_t mib = 1 << 20;

static device_spec cuda(int index = 0) {
  device_spec spec;
  spec.kind = "cuda";
  spec.index = index;
  spec.text = "cuda:" + std::to_string(index);
  return spec;
}

static std::shared_ptr<device_state> open(const flowrun::gpu_options& options) {
  std::string fault;
  auto state = share_device(cuda(), options, fault);
  CHECK(fault == "");
  REQUIRE(state);
  return state;
}

TEST_CASE("total and free are the driver's; one state for all who use the card") {
  fake_card fake(one_card);
  auto state = open(fake.options);
  CHECK(state->total() == 16303 * mib);
  CHECK(state->free() == 15103 * mib);
  CHECK(state->handle().kind == "cuda");
  CHECK(state->handle().index == 0);
  CHECK(state->handle().simulated == nullptr);
  CHECK(open(fake.options) == state);
  state->set_pool(1000 * mib, 1500 * mib);
  {
    device_share share(*state, 400 * mib);
    CHECK_FALSE(state->lost());
  }
  CHECK(state->pool() == 1000 * mib);
  CHECK(state->budget() == 1500 * mib);
  CHECK(state->peak_taken() == 400 * mib);
  CHECK(state->busy_seconds() > 0);
}

TEST_CASE("a card that is not there has no state") {
  fake_card fake(one_card);
  std::string fault;
  CHECK(share_device(cuda(1), fake.options, fault) == nullptr);
  CHECK(fault == "the NVIDIA driver lists 1 card, cuda:0; use one of them");
}

TEST_CASE("what others hold, and that they took more") {
  // Read by open_card(), at the start, and then by each question.
  fake_card fake("card NVIDIA X|GPU-1|16000\nused 0 1000 1000 1050 3000\nprocess 0 self 0\nbusy 0 10\n");
  auto state = open(fake.options);
  CHECK_FALSE(state->others_grew());
  CHECK(state->others_grew());
  const device_figures f = state->read_figures();
  CHECK(f.used == 3000 * mib);
  CHECK(f.others == 3000 * mib);
  CHECK(f.busy == 0.1);
}

TEST_CASE("where the driver does not tell what is ours, others are what was there before") {
  fake_card fake("card NVIDIA X|GPU-1|16000\nused 0 1000 1000 9000\n");
  auto state = open(fake.options);
  const device_figures f = state->read_figures();
  CHECK(f.used == 9000 * mib);
  CHECK(f.others == 1000 * mib);
  CHECK_FALSE(state->others_grew());
}
