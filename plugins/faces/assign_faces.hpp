// New faces join those that are known.
#pragma once
#include "face_matrix.hpp"
#include "identities.hpp"

namespace faces {

// Of every row: what it was where it was somebody; else the identity of the nearest row that was somebody, if that is
// nearer than `within`. `apart`: an identity is given to one face of an item only, that which is nearest to it, and to
// none where another face of the item has it already; the others take the next. The probability falls from 1 at
// distance 0 to 0 at `within`, the outlier score is what is missing to 1.
std::vector<membership> assign_faces(const face_matrix&, const std::vector<membership>& were, double within,
                                     bool apart);

}  // namespace faces
