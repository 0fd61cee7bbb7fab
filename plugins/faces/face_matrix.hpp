// The faces of a run that take part in clustering, as rows of one matrix.
#pragma once
#include <flowrun/table.hpp>

#include "face_vectors.hpp"
#include "hdbscan/points.hpp"

namespace faces {

struct face_place {
  std::uint32_t item = 0, face = 0;  // row of the table, place in its list
};

struct face_matrix {
  std::vector<float> rows;
  std::size_t dims = 0;
  std::vector<face_place> places;  // of every row; items in order

  std::size_t size() const { return places.size(); }
  hdbscan::points points() const { return {rows.data(), places.size(), dims}; }
};

// Faces of a lower quality are left out. `unit`: every vector is divided by its length. Throws std::runtime_error,
// which names item and face, at vectors that no distance can be told of.
face_matrix collect_faces(const flowrun::table<face_vectors>&, double min_quality, bool unit);

}  // namespace faces
