// Whose faces they were the last time.
#pragma once
#include "face_matrix.hpp"
#include "identities.hpp"

namespace faces {

struct known_faces {
  std::vector<membership> were;  // by row of the matrix; nobody's where nothing is known
  std::int32_t next = 0;         // identities from here up were never given
};

// A face is known by its item and its place in the item's list. Of an item that has another number of faces now,
// nothing is known.
known_faces recall_faces(const face_matrix&, const flowrun::table<face_vectors>&, const flowrun::earlier<identities>&);

}  // namespace faces
