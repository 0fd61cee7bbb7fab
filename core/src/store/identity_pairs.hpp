// Which kept identities belong to which kept boxes: found out by the lengths of their lists.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace flowrun::core {

// Every item is told first. They belong together if their lists have the same length in all items that have both, and
// nothing else fits either of them.
class identity_pairs {
 public:
  identity_pairs(std::vector<std::string> boxes, std::vector<std::string> identities);

  // The list lengths of an item that has a value of both; by position in the lists above.
  void add(std::size_t boxes, std::size_t identities, std::size_t box_count, std::size_t identity_count);
  // Decides; a line for each of the identities that belong to no boxes.
  void settle(std::vector<std::string>& notes);
  // Which identities: after settle().
  std::optional<std::size_t> identities_of(std::size_t boxes) const { return found_.at(boxes); }

 private:
  struct evidence {
    bool seen = false, differ = false;
    bool fits() const { return seen && !differ; }
  };
  const evidence& at(std::size_t boxes, std::size_t identities) const {
    return evidence_[boxes * identities_.size() + identities];
  }
  std::string why_not(std::size_t identities) const;

  std::vector<std::string> boxes_, identities_;  // their labels
  std::vector<evidence> evidence_;
  std::vector<std::optional<std::size_t>> found_;
};

}  // namespace flowrun::core
