// Model files with bytes changed: read or refused, never a throw.
#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "model_texts.hpp"

using namespace flowrun;
using namespace flowrun::core;

namespace {

std::string mutate(std::string text, std::mt19937& random) {
  const std::string marks = "{}[]:,-\"'#&*!|>%@`?\n \t$~<.09";
  for (std::size_t n = random() % 4 + 1; n > 0; --n) {
    const std::size_t at = random() % text.size();
    const char c = random() % 2 ? marks[random() % marks.size()] : static_cast<char>(random() % 256);
    switch (random() % 3) {
      case 0:
        text[at] = c;
        break;
      case 1:
        text.insert(at, 1, c);
        break;
      default:
        text.erase(at, random() % 8 + 1);
    }
  }
  return text;
}

}  // namespace

TEST_CASE("300 model files with random bytes changed are read without a throw") {
  const auto file = test::models_folder("good") / "efficientnet-lite0.yaml";
  const std::string good = test::file_text(file);
  std::mt19937 random(11);
  int refused = 0;
  for (int round = 0; round < 300; ++round) {
    const std::string text = mutate(good, random);
    CAPTURE(text);
    std::vector<problem> problems;
    model_file model;
    REQUIRE_NOTHROW(model = read_model_text(text, file, problems));
    if (any_error(problems)) {
      ++refused;
      const bool told = std::all_of(problems.begin(), problems.end(), [&](const problem& p) {
        return p.file == file.string() && !p.rule.empty() && !p.text.empty();
      });
      CHECK(told);
      continue;
    }
    // What is taken is whole.
    CHECK(model.name == "efficientnet-lite0");
    CHECK(!model.variants.empty());
    for (const model_variant& v : model.variants) CHECK(v.sha256.size() == 64);
    for (const auto& [input, spec] : model.preprocess) CHECK(std::count(spec.std.begin(), spec.std.end(), 0.0) == 0);
  }
  CHECK(refused > 150);
}
