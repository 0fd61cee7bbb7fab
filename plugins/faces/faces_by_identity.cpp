#include "faces_by_identity.hpp"

#include <algorithm>
#include <stdexcept>

#include "../output/unique_keys.hpp"

namespace faces {

std::map<std::int32_t, std::vector<sheet_face>> faces_by_identity(const flowrun::table<identities>& found,
                                                                  const flowrun::table<crops>& pictures) {
  output::rows_by_key(found, "identities");
  const auto crops_of = output::rows_by_key(pictures, "crops");
  std::map<std::int32_t, std::vector<sheet_face>> all;
  bool seen = false;
  for (std::size_t row = 0; row < found.size(); ++row) {
    const std::vector<membership>& list = found[row].list;
    const auto at = crops_of.find(found.key(row));
    const std::vector<crop>* cut = at == crops_of.end() ? nullptr : &pictures[at->second].list;
    if (cut && cut->size() != list.size())
      throw std::runtime_error("of the item '" + output::readable(found.key(row)) + "' there are " +
                               std::to_string(list.size()) + " in 'identities' and " + std::to_string(cut->size()) +
                               " in 'crops'; wire both to what comes of the same faces");
    for (std::size_t i = 0; i < list.size(); ++i) {
      all[list[i].identity].push_back({&found.key(row), list[i].probability, cut ? &(*cut)[i] : nullptr});
      seen |= cut != nullptr;
    }
  }
  if (!seen && !all.empty())
    throw std::runtime_error(
        "no item that has faces in 'identities' is in 'crops'; wire both to stages of the same source");
  for (auto& of : all)
    std::stable_sort(of.second.begin(), of.second.end(),
                     [](const sheet_face& a, const sheet_face& b) { return a.probability > b.probability; });
  return all;
}

}  // namespace faces
