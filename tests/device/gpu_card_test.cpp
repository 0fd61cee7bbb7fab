// Cards of a fake driver: what is read of them, and every way in which there is none, with its text.
#include <doctest/doctest.h>

#include "device/gpu_card.hpp"
#include "fake_card.hpp"

using namespace flowrun::core;

static constexpr std::uint64_t mib = 1 << 20;

static std::string fault_of(const flowrun::gpu_options& options, int index = 0) {
  std::string fault;
  CHECK(open_card(options, index, fault) == nullptr);
  return fault;
}

static gpu_reading read_card(const flowrun::gpu_options& options, int index = 0) {
  std::string fault;
  auto card = open_card(options, index, fault);
  CHECK(fault == "");
  REQUIRE(card);
  return card->read();
}

TEST_CASE("name, memory and how busy it is") {
  fake_card fake(one_card);
  std::string fault;
  auto card = open_card(fake.options, 0, fault);
  REQUIRE(card);
  CHECK(card->name() == "NVIDIA GeForce RTX 5080");
  CHECK(card->doubt() == "");
  const gpu_reading r = card->read();
  CHECK(r.total == 16303 * mib);
  CHECK(r.used == 1200 * mib);
  CHECK(r.free == 15103 * mib);
  CHECK(r.busy == 0.31);
  CHECK_FALSE(r.ours);
  CHECK(r.fault == "");
  CHECK_FALSE(r.lost);
}

TEST_CASE("its architecture, where the driver tells the compute capability") {
  auto architecture = [](const std::string& more, const char* library = "fake_nvml") {
    fake_card fake(one_card + more, library);
    std::string fault;
    auto card = open_card(fake.options, 0, fault);
    REQUIRE(card);
    return card->architecture();
  };
  CHECK(architecture("capability 0 12 0\n") == "sm_120");
  CHECK(architecture("capability 0 8 9\n") == "sm_89");
  CHECK(architecture("") == "");
  CHECK(architecture("capability 0 8 9\nfail nvmlDeviceGetCudaComputeCapability 4\n") == "");
  CHECK(architecture("capability 0 8 9\n", "fake_old_nvml") == "");
}

TEST_CASE("what of the memory is this process's") {
  std::string lines = std::string(one_card) + "process 0 1 800\n";
  for (int i = 0; i < 40; ++i) lines += "process 0 " + std::to_string(100000000 + i) + " 1\n";
  {
    fake_card fake(lines);
    CHECK_FALSE(read_card(fake.options).ours);
  }
  fake_card fake(lines + "process 0 self 300\n");
  CHECK(read_card(fake.options).ours == 300 * mib);
}

TEST_CASE("a card's number is CUDA's") {
  fake_card fake(three_cards);
  CHECK(read_card(fake.options, 2).used == 3000 * mib);
  fake.options.visible_devices = "2,0";
  CHECK(read_card(fake.options, 0).used == 3000 * mib);
  CHECK(read_card(fake.options, 1).used == 1000 * mib);
  fake.options.visible_devices = "GPU-5b000000-0002";
  CHECK(read_card(fake.options, 0).used == 2000 * mib);
}

TEST_CASE("where the cards differ, CUDA may number them otherwise") {
  fake_card fake("card NVIDIA A|GPU-1|1000\ncard NVIDIA B|GPU-2|2000\n");
  auto doubt = [&fake] {
    std::string fault;
    return open_card(fake.options, 1, fault)->doubt();
  };
  CHECK(doubt() ==
        "the cards of this machine differ, and CUDA numbers the fastest first, the driver by their slots: set "
        "CUDA_DEVICE_ORDER=PCI_BUS_ID, so that cuda:N is the same card for both");
  fake.options.device_order = "PCI_BUS_ID";
  CHECK(doubt() == "");
  fake.options.device_order = "";
  fake.options.visible_devices = "GPU-2,GPU-1";
  CHECK(doubt() == "");
}

TEST_CASE("no driver") {
  flowrun::gpu_options options;
  options.nvml = "libnvidia-ml-of-nobody.so.1";
  CHECK(fault_of(options) ==
        "no NVIDIA driver answers: libnvidia-ml-of-nobody.so.1: cannot open shared object file: No such file or "
        "directory; install NVIDIA's driver, or use cpu or sim:SIZE");
}

TEST_CASE("a library that is no driver's, and a driver that does not start") {
  {
    fake_card fake(one_card, "fake_no_nvml");
    CHECK(fault_of(fake.options) ==
          "the NVIDIA driver's " + fake.options.nvml +
              " has no function nvmlDeviceGetCount_v2: it is too old, or another library; install a driver from 450 "
              "on, or use cpu or sim:SIZE");
  }
  fake_card fake("fail nvmlInit_v2 9\n");
  CHECK(fault_of(fake.options) ==
        "the NVIDIA driver's " + fake.options.nvml +
            " does not start: Driver Not Loaded; install NVIDIA's driver, or use cpu or sim:SIZE");
}

TEST_CASE("no such card") {
  {
    fake_card fake("");
    CHECK(fault_of(fake.options) == "the NVIDIA driver lists no card; use cpu or sim:SIZE");
  }
  {
    fake_card fake(one_card);
    CHECK(fault_of(fake.options, 1) == "the NVIDIA driver lists 1 card, cuda:0; use one of them");
  }
  fake_card fake(three_cards);
  CHECK(fault_of(fake.options, 3) == "the NVIDIA driver lists 3 cards, cuda:0 to cuda:2; use one of them");
  fake.options.visible_devices = "1,2";
  CHECK(fault_of(fake.options, 2) ==
        "CUDA_VISIBLE_DEVICES=1,2 leaves 2 cards, cuda:0 to cuda:1, of 3; use one of them");
  fake.options.visible_devices = "";
  CHECK(fault_of(fake.options) == "CUDA_VISIBLE_DEVICES= leaves no card, of 3; unset it, or name one");
  fake.options.visible_devices = "MIG-1";
  CHECK(fault_of(fake.options) ==
        "CUDA_VISIBLE_DEVICES=MIG-1 names a part of a card, whose memory is not read here; name whole cards, by "
        "number or as GPU-...");
}

TEST_CASE("a driver that does not let this user look") {
  {
    fake_card fake(std::string(one_card) + "fail nvmlDeviceGetCount_v2 1\n");
    CHECK(fault_of(fake.options) ==
          "the NVIDIA driver does not list its cards: Uninitialized; see what nvidia-smi says, or use cpu or sim:SIZE");
  }
  {
    fake_card fake(std::string(one_card) + "fail nvmlDeviceGetHandleByIndex_v2 4\n");
    CHECK(fault_of(fake.options) ==
          "the card does not answer: Insufficient Permissions; let this user read the card, or use cpu or sim:SIZE");
  }
  fake_card fake(std::string(one_card) + "fail nvmlDeviceGetMemoryInfo 4\n");
  CHECK(fault_of(fake.options) ==
        "the memory of the NVIDIA GeForce RTX 5080 cannot be read: Insufficient Permissions; let this user read the "
        "card, or use cpu or sim:SIZE");
}

TEST_CASE("a card that does not answer keeps its number") {
  fake_card fake(std::string(three_cards) + "fail nvmlDeviceGetHandleByIndex_v2 15 0 1\n");
  CHECK(read_card(fake.options, 2).used == 3000 * mib);
  CHECK(fault_of(fake.options, 1) ==
        "the card does not answer: GPU is lost; see what nvidia-smi says, or use cpu or sim:SIZE");
}

TEST_CASE("an old driver, or one without permission, tells the memory alone") {
  {
    fake_card fake(one_card, "fake_old_nvml");
    const gpu_reading r = read_card(fake.options);
    CHECK(r.used == 1200 * mib);
    CHECK_FALSE(r.busy);
    CHECK_FALSE(r.ours);
    CHECK(r.fault == "the driver does not tell how busy it is: it has no function nvmlDeviceGetUtilizationRates");
  }
  fake_card fake(std::string(one_card) + "process 0 self 300\nfail nvmlDeviceGetUtilizationRates 4\n" +
                 "fail nvmlDeviceGetComputeRunningProcesses_v3 4\n");
  const gpu_reading r = read_card(fake.options);
  CHECK(r.used == 1200 * mib);
  CHECK_FALSE(r.busy);
  CHECK_FALSE(r.ours);
  CHECK(r.fault == "the driver does not tell how busy it is: Insufficient Permissions");
}

TEST_CASE("a card that is lost while it is read") {
  fake_card fake(std::string(one_card) + "fail nvmlDeviceGetMemoryInfo 15 1\n");
  const gpu_reading r = read_card(fake.options);
  CHECK(r.lost);
  CHECK(r.fault == "the driver does not tell its memory: GPU is lost");
}
