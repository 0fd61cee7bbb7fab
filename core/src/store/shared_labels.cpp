#include "shared_labels.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <string>

#include "key_text.hpp"
#include "label_path.hpp"

namespace flowrun::core {
namespace {

std::size_t hash_of(const std::string& path) {
  return std::hash<std::string>()(path);
}

std::string describe(const exported_item& item) {
  return "'" + show_key(item.key) + "' of '" + show_text(item.source) + "'";
}

}  // namespace

void shared_labels::add(const exported_item& item) {
  hashes_.push_back(hash_of(label_path(item)));
}

void shared_labels::refuse(boxed_items& items) {
  std::sort(hashes_.begin(), hashes_.end());
  std::set<std::size_t> twice;
  for (auto at = hashes_.begin(); (at = std::adjacent_find(at, hashes_.end())) != hashes_.end(); ++at)
    twice.insert(*at);
  if (twice.empty()) return;
  std::map<std::string, std::string> seen;  // paths, and whose they are
  for (items.rewind(); items.next();) {
    const std::string path = label_path(items.item());
    if (twice.count(hash_of(path)) == 0) continue;
    auto added = seen.emplace(path, describe(items.item()));
    if (!added.second)
      throw store_error("items " + added.first->second + " and " + describe(items.item()) +
                            " would have the same labels, labels/" + path + "; rename one of them, or export coco",
                        65);
  }
}

}  // namespace flowrun::core
