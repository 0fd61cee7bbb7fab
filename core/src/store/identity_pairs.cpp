#include "identity_pairs.hpp"

#include <utility>

namespace flowrun::core {
namespace {

std::string quote_all(const std::vector<std::string>& names) {
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i)
    out += (i == 0 ? "'" : i + 1 == names.size() ? " and '" : ", '") + names[i] + "'";
  return out;
}

}  // namespace

identity_pairs::identity_pairs(std::vector<std::string> boxes, std::vector<std::string> identities)
    : boxes_(std::move(boxes)),
      identities_(std::move(identities)),
      evidence_(boxes_.size() * identities_.size()),
      found_(boxes_.size()) {}

void identity_pairs::add(std::size_t boxes, std::size_t identities, std::size_t box_count, std::size_t identity_count) {
  evidence& e = evidence_.at(boxes * identities_.size() + identities);
  e.seen = e.seen || box_count + identity_count > 0;
  e.differ = e.differ || box_count != identity_count;
}

// Empty: there is nothing to say about them, or they belong to boxes.
std::string identity_pairs::why_not(std::size_t identities) const {
  std::vector<std::string> fitting, rivals;
  bool seen = false;
  for (std::size_t b = 0; b < boxes_.size(); ++b) {
    seen = seen || at(b, identities).seen;
    if (!at(b, identities).fits()) continue;
    fitting.push_back(boxes_[b]);
    for (std::size_t i = 0; fitting.size() == 1 && i < identities_.size(); ++i)
      if (at(b, i).fits()) rivals.push_back(identities_[i]);
  }
  if (!seen || (fitting.size() == 1 && rivals.size() == 1)) return {};
  const std::string name = "the identities of '" + identities_[identities] + "' ";
  if (fitting.empty()) return name + "are left out: no boxes have lists of the same length";
  if (fitting.size() > 1)
    return name + "are left out: they fit the boxes of " + quote_all(fitting) + "; keep one of them";
  return name + "are left out: those of " + quote_all(rivals) + " all fit '" + fitting[0] + "'; keep one of them";
}

void identity_pairs::settle(std::vector<std::string>& notes) {
  for (std::size_t i = 0; i < identities_.size(); ++i) {
    const std::string why = why_not(i);
    if (!why.empty()) notes.push_back(why);
    for (std::size_t b = 0; why.empty() && b < boxes_.size(); ++b)
      if (at(b, i).fits()) found_[b] = i;
  }
}

}  // namespace flowrun::core
