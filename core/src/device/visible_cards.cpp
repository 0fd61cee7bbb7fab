#include "visible_cards.hpp"

#include <algorithm>
#include <charconv>

namespace flowrun::core {

namespace {

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts(1);
  for (char c : text) {
    if (c == ',')
      parts.emplace_back();
    else if (c != ' ')
      parts.back() += c;
  }
  return parts;
}

std::optional<unsigned> find_card(const std::string& entry, const std::vector<std::string>& uuids) {
  unsigned index = 0;
  const auto [end, error] = std::from_chars(entry.data(), entry.data() + entry.size(), index);
  if (error == std::errc() && end == entry.data() + entry.size())
    return index < uuids.size() ? std::optional<unsigned>(index) : std::nullopt;
  std::optional<unsigned> found;
  if (entry.rfind("GPU-", 0) != 0) return found;
  for (std::size_t i = 0; i < uuids.size(); ++i) {
    if (uuids[i].compare(0, entry.size(), entry) != 0) continue;
    if (found) return std::nullopt;  // the beginning of several
    found = static_cast<unsigned>(i);
  }
  return found;
}

}  // namespace

std::vector<unsigned> list_visible(const std::optional<std::string>& visible, const std::vector<std::string>& uuids,
                                   std::string& fault) {
  std::vector<unsigned> cards;
  if (!visible) {
    for (std::size_t i = 0; i < uuids.size(); ++i) cards.push_back(static_cast<unsigned>(i));
    return cards;
  }
  for (const std::string& entry : split(*visible)) {
    if (entry.rfind("MIG-", 0) == 0) {
      fault = "CUDA_VISIBLE_DEVICES=" + *visible +
              " names a part of a card, whose memory is not read here; name whole cards, by number or as GPU-...";
      return {};
    }
    const auto card = find_card(entry, uuids);
    if (!card) break;
    if (std::find(cards.begin(), cards.end(), *card) != cards.end()) return {};
    cards.push_back(*card);
  }
  return cards;
}

}  // namespace flowrun::core
