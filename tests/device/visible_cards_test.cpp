// CUDA_VISIBLE_DEVICES as CUDA reads it.
#include <doctest/doctest.h>

#include "device/visible_cards.hpp"

using namespace flowrun::core;

static std::vector<unsigned> visible(const std::optional<std::string>& text) {
  std::string fault;
  std::vector<unsigned> cards =
      list_visible(text, {"GPU-5a000000-0001", "GPU-5b000000-0002", "GPU-5b000000-0003"}, fault);
  CHECK(fault == "");
  return cards;
}

using numbers = std::vector<unsigned>;

TEST_CASE("without the variable all cards, in the driver's order") {
  CHECK(visible(std::nullopt) == numbers{0, 1, 2});
}
TEST_CASE("by number, in the order in which they stand") {
  CHECK(visible("1") == numbers{1});
  CHECK(visible("2,0") == numbers{2, 0});
  CHECK(visible(" 2, 1") == numbers{2, 1});
}
TEST_CASE("by UUID, or the beginning of one card's") {
  CHECK(visible("GPU-5b000000-0003,GPU-5a") == numbers{2, 0});
  CHECK(visible("GPU-5b000000-0003,1") == numbers{2, 1});
  CHECK(visible("GPU-5b") == numbers{});
}
TEST_CASE("what names no card ends the list; a card named twice leaves none") {
  CHECK(visible("") == numbers{});
  CHECK(visible("-1") == numbers{});
  CHECK(visible("1,3,0") == numbers{1});
  CHECK(visible("0,none,2") == numbers{0});
  CHECK(visible("0,1,0") == numbers{});
  CHECK(visible("0,GPU-5a") == numbers{});
}
TEST_CASE("a part of a card is refused") {
  std::string fault;
  CHECK(list_visible("MIG-1234", {"GPU-5a"}, fault).empty());
  CHECK(fault ==
        "CUDA_VISIBLE_DEVICES=MIG-1234 names a part of a card, whose memory is not read here; name whole cards, by "
        "number or as GPU-...");
}
