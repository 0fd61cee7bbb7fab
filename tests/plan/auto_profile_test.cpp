// The profile `auto`, and the shipped profiles whose numbers it shares.
#include <doctest/doctest.h>
#include <test_paths.hpp>

#include <fstream>
#include <sstream>

#include "graph/auto_profile.hpp"
#include "graph/yaml_values.hpp"
#include "vram_wishes.hpp"

using namespace flowrun;
using namespace flowrun::core;
using namespace flowrun::core::test;

namespace {

std::string batches(std::uint64_t total) {
  std::string text;
  for (const auto_batch& b : auto_batches(total)) text += (text.empty() ? "" : "/") + std::to_string(b.batch);
  return text;
}

profile shipped(const std::string& name) {
  const std::string file = std::string(test_paths::source) + "/graphs/profiles/" + name + ".yaml";
  std::ifstream in(file);
  std::ostringstream text;
  text << in.rdbuf();
  std::vector<problem> problems;
  profile p = read_profile_text(text.str(), name + ".yaml", problems);
  for (const problem& found : problems) FAIL(to_text(found));
  return p;
}

std::string text_of(const yaml_entries& entries) {
  std::string text;
  for (const yaml_entry& e : entries)
    text += e.first.text + ": " +
            (e.second.is == yaml_node::kind::map ? "{" + text_of(e.second.entries) + "}" : e.second.text) + "; ";
  return text;
}

std::string text_of(const profile& p) {
  return "uses {" + text_of(p.uses) + "} sources {" + text_of(p.sources) + "} run {" + text_of(p.run) + "}";
}

}  // namespace

TEST_CASE("batches by the card's whole gigabytes") {
  CHECK(batches(8188 * mib) == "64/32/1/2/16");
  CHECK(batches(12282 * mib) == "96/64/1/4/32");
  CHECK(batches(16303 * mib) == "128/64/1/4/32");
  CHECK(batches(24564 * mib) == "192/64/1/4/32");
  CHECK(batches(81559 * mib) == "640/64/1/4/32");
  CHECK(batches(0) == "16/16/1/1/16");
  CHECK(batches(11775 * mib) == "88/32/1/2/16");  // rounds to 11
  CHECK(batches(11776 * mib) == "96/64/1/4/32");  // rounds to 12
  CHECK(batches(300 * mib) == "8/32/1/2/16");
  const auto names = auto_batches(0);
  REQUIRE(names.size() == 5);
  CHECK(names[0].use == "categorize.image");
  CHECK(names[1].use == "faces.embed");
  CHECK(names[2].use == "segment.masks");
  CHECK(names[3].use == "inpaint.fill");
  CHECK(names[4].use == "pose.estimate");
}

TEST_CASE("auto is the shipped profile of the card it was measured on") {
  CHECK(text_of(auto_profile(16303 * mib)) == text_of(shipped("gpu-16gb")));
  CHECK(text_of(auto_profile(8188 * mib)) == text_of(shipped("gpu-8gb")));
  CHECK(text_of(auto_profile(0)) == text_of(shipped("cpu")));
  CHECK(auto_profile(0).file == "profile auto");
  CHECK(auto_profile(0).built_in);
  CHECK_FALSE(shipped("cpu").built_in);
}

TEST_CASE("the text of auto") {
  CHECK(auto_profile_text(12282 * mib) ==
        "flowrun_profile: 1\n"
        "uses:\n"
        "  categorize.image: {batch: 96, precision: fp16, pin: true}\n"
        "  faces.embed: {batch: 64, precision: fp16, pin: true}\n"
        "  segment.masks: {batch: 1, precision: fp16, pin: true}\n"
        "  inpaint.fill: {batch: 4, precision: fp16, pin: true}\n"
        "  pose.estimate: {batch: 32, precision: fp16, pin: true}\n"
        "sources: {lanes: 4}\n");
}

TEST_CASE("the shipped profiles hold the numbers of the workload") {
  CHECK(text_of(shipped("gpu-16gb")) ==
        "uses {categorize.image: {batch: 128; precision: fp16; pin: true; }; "
        "faces.embed: {batch: 64; precision: fp16; pin: true; }; "
        "segment.masks: {batch: 1; precision: fp16; pin: true; }; "
        "inpaint.fill: {batch: 4; precision: fp16; pin: true; }; "
        "pose.estimate: {batch: 32; precision: fp16; pin: true; }; } sources {lanes: 4; } run {}");
  CHECK(text_of(shipped("gpu-8gb")) ==
        "uses {categorize.image: {batch: 64; precision: fp16; pin: false; }; "
        "faces.embed: {batch: 32; precision: fp16; pin: false; }; "
        "segment.masks: {batch: 1; precision: fp16; pin: false; }; "
        "inpaint.fill: {batch: 2; precision: fp16; pin: false; }; "
        "pose.estimate: {batch: 16; precision: fp16; pin: false; }; } sources {lanes: 2; } run {}");
  CHECK(text_of(shipped("cpu")) ==
        "uses {categorize.image: {batch: 16; precision: auto; pin: false; }; "
        "faces.embed: {batch: 16; precision: auto; pin: false; }; "
        "segment.masks: {batch: 1; precision: auto; pin: false; }; "
        "inpaint.fill: {batch: 1; precision: auto; pin: false; }; "
        "pose.estimate: {batch: 16; precision: auto; pin: false; }; } sources {} run {}");
  CHECK(text_of(shipped("fast")) == "uses {media.files: {params: {max_side: 1024; }; }; } sources {} run {}");
}
