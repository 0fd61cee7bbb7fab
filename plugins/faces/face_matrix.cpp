#include "face_matrix.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "hdbscan/unit_rows.hpp"

namespace faces {
namespace {

std::string number_text(float x) {
  return std::isnan(x) ? "nan" : x > 0 ? "inf" : "-inf";
}

[[noreturn]] void refuse(const flowrun::table<face_vectors>& faces, face_place at, const std::string& fault) {
  throw std::runtime_error("face " + std::to_string(at.face) + " of '" + faces.key(at.item) +
                           "', counted from 0, has " + fault);
}

// `dims`: of the faces before it, 0 if there is none.
void check_vector(const flowrun::table<face_vectors>& faces, face_place at, std::size_t dims, bool unit) {
  const std::vector<float>& v = faces[at.item].list[at.face].vector;
  if (dims > 0 && v.size() != dims)
    refuse(faces, at,
           "a vector of " + std::to_string(v.size()) + " values, and the faces before it have " + std::to_string(dims) +
               "; right: one length. They are of two networks: embed all items with one");
  for (std::size_t k = 0; k < v.size(); ++k)
    if (!std::isfinite(v[k]))
      refuse(faces, at,
             number_text(v[k]) + " at place " + std::to_string(k) +
                 " of its vector; right: finite numbers. The network or its precision is at fault: embed the item with "
                 "another");
  if (unit && std::all_of(v.begin(), v.end(), [](float x) { return x == 0; }))
    refuse(faces, at,
           "a vector of zeros, which norm=unit cannot make as long as others; right: any other vector. Take norm=none, "
           "or embed the item with another network");
}

}  // namespace

face_matrix collect_faces(const flowrun::table<face_vectors>& faces, double min_quality, bool unit) {
  face_matrix all;
  for (std::uint32_t item = 0; item < faces.size(); ++item)
    for (std::uint32_t face = 0; face < faces[item].list.size(); ++face) {
      const face_vector& f = faces[item].list[face];
      if (std::isnan(f.quality))
        refuse(faces, {item, face}, "the quality nan; right: 0 to 1. What embeds faces is at fault");
      if (f.quality < min_quality || f.vector.empty()) continue;  // empty: left out where it was embedded
      check_vector(faces, {item, face}, all.dims, unit);
      all.dims = f.vector.size();
      all.places.push_back({item, face});
    }
  all.rows.reserve(all.places.size() * all.dims);  // at once: it may be most of the memory
  for (const face_place at : all.places) {
    const std::vector<float>& v = faces[at.item].list[at.face].vector;
    all.rows.insert(all.rows.end(), v.begin(), v.end());
  }
  if (unit) hdbscan::make_unit_rows(all.rows.data(), all.size(), all.dims);
  return all;
}

}  // namespace faces
