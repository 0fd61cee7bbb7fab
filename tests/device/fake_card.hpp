// The fake driver with cards of a test's own.
#pragma once
#include <cstdlib>
#include <fstream>
#include <string>

#include <flowrun/gpu_options.hpp>

#include <test_paths.hpp>

namespace flowrun::core {

// While it lives, the library that `options` names has the cards of `lines`.
class fake_card {
 public:
  explicit fake_card(const std::string& lines, const std::string& library = "fake_nvml") {
    const std::string folder = std::string(test_paths::build) + "/test_nvml/";
    options.nvml = folder + library + ".so";
    file_ = folder + library + "_device_test.txt";
    std::ofstream(file_) << lines;
    ::setenv("FAKE_NVML", file_.c_str(), 1);
  }
  ~fake_card() { ::unsetenv("FAKE_NVML"); }
  fake_card(const fake_card&) = delete;
  fake_card& operator=(const fake_card&) = delete;

  gpu_options options;

 private:
  std::string file_;
};

inline constexpr auto one_card = "card NVIDIA GeForce RTX 5080|GPU-5a000000-0001|16303\nused 0 1200\nbusy 0 31\n";
inline constexpr auto three_cards =
    "card NVIDIA GeForce RTX 5080|GPU-5a000000-0001|16303\n"
    "card NVIDIA GeForce RTX 5080|GPU-5b000000-0002|16303\n"
    "card NVIDIA GeForce RTX 5080|GPU-5b000000-0003|16303\nused 0 1000\nused 1 2000\nused 2 3000\n";

}  // namespace flowrun::core
