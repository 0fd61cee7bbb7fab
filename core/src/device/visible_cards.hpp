// Which card is cuda:N: the number in NVML's order that CUDA_VISIBLE_DEVICES leaves in that place.
#pragma once
#include <optional>
#include <string>
#include <vector>

namespace flowrun::core {

// NVML's numbers of the cards that CUDA numbers 0, 1, ...; `uuids` in NVML's order. CUDA's rules: entries are numbers
// or the beginning of one card's UUID, and from the first that names no card on nothing counts; a card named twice
// leaves none. Sets `fault` where a part of a card (MIG) is named.
std::vector<unsigned> list_visible(const std::optional<std::string>& visible, const std::vector<std::string>& uuids,
                                   std::string& fault);

}  // namespace flowrun::core
