#include "package_claims.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace flowrun::torch_backend;

TEST_CASE("a package of another device, version or CPU is refused before its code is loaded") {
  machine here{"cpu", "2.14.1", {"avx2", "fma", "avx512f"}};
  std::unordered_map<std::string, std::string> mine = {
      {"AOTI_DEVICE_KEY", "cpu"}, {"FLOWRUN_TORCH", "2.14.1+cu130"}, {"FLOWRUN_CPU_INSTRUCTIONS", "avx2 fma"}};
  CHECK(find_unfit(mine, "2.14.1", here) == "");
  CHECK(find_unfit(mine, "", here) == "");
  CHECK(find_unfit(mine, "2.13.0", here) ==
        "was compiled by torch 2.13.0, this LibTorch is 2.14.1; compile it again: flowrun models compile");
  auto other = mine;
  other["AOTI_DEVICE_KEY"] = "cuda";
  CHECK(find_unfit(other, "", here) == "was compiled for cuda, not for cpu; compile it again: flowrun models compile");
  other = mine;
  other["FLOWRUN_TORCH"] = "2.15.0";
  CHECK(find_unfit(other, "", here) ==
        "was compiled by torch 2.15.0, this LibTorch is 2.14.1; compile it again: flowrun models compile");
  other = mine;
  other["FLOWRUN_CPU_INSTRUCTIONS"] = "avx2 avx512_bf16 fma";
  CHECK(find_unfit(other, "", here) ==
        "was compiled for a CPU with avx512_bf16, which this one has not; compile it again: flowrun models compile");
  CHECK(find_unfit({}, "", here) ==
        "was compiled for no device known, not for cpu; compile it again: flowrun models compile");
}

TEST_CASE("this machine's CPU names its instructions") {
  std::vector<std::string> all = cpu_instructions();
  REQUIRE_FALSE(all.empty());
  CHECK(std::find(all.begin(), all.end(), "sse2") != all.end());
}
