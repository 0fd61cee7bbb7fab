// Which of a model's files a device gets: by precision, then by how closely the file is made for it.
#include <doctest/doctest.h>

#include "engine/choose_variant.hpp"

using namespace flowrun;
using namespace flowrun::core;

namespace {

model_variant variant(const std::string& target, std::vector<std::string> precisions = {}) {
  model_variant v;
  v.target = target;
  v.path = target;
  v.precisions = std::move(precisions);
  return v;
}

// The chosen file's target; empty: none.
std::string chosen(std::vector<model_variant> variants, const variant_place& place,
                   const std::string& precision = "auto") {
  model_file m;
  m.variants = std::move(variants);
  const model_variant* v = choose_variant(m, place, precision);
  return v ? v->path : "";
}

const variant_place cpu{"cpu", "", "cpu"}, card{"cuda", "sm_89", "cuda:0"}, silent_card{"cuda", "", "cuda:0"};

}  // namespace

TEST_CASE("the architecture before the kind of device before any") {
  const std::vector<model_variant> all = {variant("any"),        variant("cpu"),  variant("cuda sm_90"),
                                          variant("cuda sm_89"), variant("cuda"), variant("cuda sm_8")};
  CHECK(chosen(all, card) == "cuda sm_89");
  CHECK(chosen(all, {"cuda", "sm_90", "cuda:0"}) == "cuda sm_90");
  CHECK(chosen(all, {"cuda", "sm_120", "cuda:0"}) == "cuda");
  CHECK(chosen(all, silent_card) == "cuda");
  CHECK(chosen(all, cpu) == "any");  // alike, so the first
  CHECK(chosen({variant("cuda"), variant("cpu"), variant("any")}, cpu) == "cpu");
  CHECK(chosen(all, {"sim", "", "sim:1GiB"}) == "any");
  CHECK(chosen({variant("any"), variant("cuda sm_90")}, card) == "any");
}

TEST_CASE("a file that has the precision comes first") {
  const std::vector<model_variant> all = {variant("cuda sm_89", {"fp16"}), variant("cuda", {"fp32"}), variant("any")};
  CHECK(chosen(all, card, "fp16") == "cuda sm_89");
  CHECK(chosen(all, card, "fp32") == "cuda");
  CHECK(chosen(all, card, "bf16") == "cuda sm_89");  // none has it; which are named is told later
  CHECK(chosen(all, card) == "cuda sm_89");
}

TEST_CASE("files for other devices only") {
  CHECK(chosen({variant("cuda sm_90"), variant("cpu")}, card) == "");
  CHECK(chosen({variant("cuda sm_89")}, silent_card) == "");
  CHECK(chosen({variant("cuda sm_89")}, {"cpu", "sm_89", "cpu"}) == "");
  model_file m;
  m.variants = {variant("cuda sm_90"), variant("cpu"), variant("cuda sm_90"), variant("cuda")};
  CHECK(list_targets(m) == "cuda sm_90, cpu, cuda");
}

TEST_CASE("a card is asked only where a file is for an architecture") {
  gpu_options none;
  none.nvml = "libnvidia-ml-of-nobody.so.1";
  device_spec cuda;
  cuda.kind = "cuda";
  cuda.text = "cuda:0";
  model_file m;
  m.variants = {variant("cuda"), variant("any")};
  CHECK(describe_place(m, cuda, none).text == "cuda:0");
  m.variants.push_back(variant("cuda sm_90"));
  CHECK_THROWS_WITH_AS(
      describe_place(m, cuda, none),
      "device cuda:0: no NVIDIA driver answers: libnvidia-ml-of-nobody.so.1: cannot open shared object "
      "file: No such file or directory; install NVIDIA's driver, or use cpu or sim:SIZE",
      std::runtime_error);
  device_spec on_cpu;
  on_cpu.kind = on_cpu.text = "cpu";
  CHECK(describe_place(m, on_cpu, none).text == "cpu");
}
