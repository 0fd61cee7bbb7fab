#include "known_faces.hpp"

#include <algorithm>

namespace faces {

known_faces recall_faces(const face_matrix& all, const flowrun::table<face_vectors>& faces,
                         const flowrun::earlier<identities>& before) {
  known_faces known;
  known.were.resize(all.size());
  for (std::size_t item = 0; item < faces.size(); ++item) {
    if (!before[item]) continue;
    known.next = std::max(known.next, before[item]->next_identity);
    for (const membership& m : before[item]->list) known.next = std::max(known.next, m.identity + 1);
  }
  for (std::size_t row = 0; row < all.size(); ++row) {
    const face_place at = all.places[row];
    const identities* then = before[at.item];
    if (then && then->list.size() == faces[at.item].list.size()) known.were[row] = then->list[at.face];
  }
  return known;
}

}  // namespace faces
