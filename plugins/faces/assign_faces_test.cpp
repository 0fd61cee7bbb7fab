// New faces join those that are known.
#include "assign_faces.hpp"

#include <doctest/doctest.h>

namespace {

using faces::membership;

// Faces on a line whose marks are 1.25 apart: at which mark each lies, and which item it is of.
faces::face_matrix line(const std::vector<std::pair<float, std::uint32_t>>& all) {
  faces::face_matrix m;
  m.dims = 11;  // more than the eight that are added at once, and the last ones are not zero
  for (const auto& [x, item] : all) {
    for (std::size_t k = 0; k < m.dims; ++k) m.rows.push_back(k == 2 ? 0.75F * x : k == 10 ? x : 1.0F);
    m.places.push_back({item, static_cast<std::uint32_t>(m.places.size())});
  }
  return m;
}

std::vector<std::int32_t> ids(const std::vector<membership>& all) {
  std::vector<std::int32_t> numbers;
  for (const membership& m : all) numbers.push_back(m.identity);
  return numbers;
}

const membership is_3{3, 0.7F, 0.2F}, is_5{5, 0.9F, 0.1F}, unknown{};

}  // namespace

TEST_CASE("a new face gets the identity of the nearest known one that is near enough") {
  const auto made = faces::assign_faces(line({{0, 0}, {10, 1}, {1, 2}, {8, 3}, {5, 4}, {2, 5}, {-1, 6}}),
                                        {is_3, is_5, unknown, unknown, unknown, unknown, unknown}, 2.5, false);
  CHECK(ids(made) == std::vector<std::int32_t>{3, 5, 3, -1, -1, -1, 3});
  CHECK(made[0].probability == 0.7F);  // as it was
  CHECK(made[0].outlier_score == 0.2F);
  CHECK(made[2].probability == doctest::Approx(0.5));
  CHECK(made[2].outlier_score == doctest::Approx(0.5));
  CHECK(made[3].probability == 0);  // as far as `within`, not nearer
  CHECK(made[3].outlier_score == 1);
}

TEST_CASE("of an identity with many faces the nearest counts") {
  CHECK(ids(faces::assign_faces(line({{0, 0}, {4, 1}, {9, 2}, {6, 3}}), {is_3, is_3, is_5, unknown}, 9, true)) ==
        std::vector<std::int32_t>{3, 3, 5, 3});
}

TEST_CASE("apart: of an item one face gets an identity, the others the next") {
  const auto faces_of_one_item = line({{0, 0}, {10, 1}, {2, 7}, {1, 7}, {3, 7}});
  const std::vector<membership> were{is_3, is_5, unknown, unknown, unknown};
  CHECK(ids(faces::assign_faces(faces_of_one_item, were, 20, true)) == std::vector<std::int32_t>{3, 5, -1, 3, 5});
  CHECK(ids(faces::assign_faces(faces_of_one_item, were, 20, false)) == std::vector<std::int32_t>{3, 5, 3, 3, 3});
}

TEST_CASE("apart: an identity that a face of the item has already is not given to another") {
  const auto beside_a_known_one = line({{0, 0}, {0.5F, 0}, {10, 1}});
  CHECK(ids(faces::assign_faces(beside_a_known_one, {is_3, unknown, is_5}, 2, true)) ==
        std::vector<std::int32_t>{3, -1, 5});
  CHECK(ids(faces::assign_faces(beside_a_known_one, {is_3, unknown, is_5}, 20, true)) ==
        std::vector<std::int32_t>{3, 5, 5});
  CHECK(ids(faces::assign_faces(beside_a_known_one, {is_3, unknown, is_5}, 2, false)) ==
        std::vector<std::int32_t>{3, 3, 5});
}

TEST_CASE("equally near identities: the smaller") {
  CHECK(ids(faces::assign_faces(line({{2, 0}, {0, 1}, {1, 2}}), {is_5, is_3, unknown}, 9, true)) ==
        std::vector<std::int32_t>{5, 3, 3});
}
