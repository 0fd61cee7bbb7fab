// Vectors become a matrix, or are refused by item and face.
#include "face_matrix.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <stdexcept>

namespace {

using faces::face_vector;

// A table as the runtime gives it.
class album {
 public:
  album& add(const std::string& key, std::vector<face_vector> list) {
    data_.keys.push_back(key);
    data_.values.push_back(std::make_shared<const faces::face_vectors>(faces::face_vectors{std::move(list)}));
    return *this;
  }
  faces::face_matrix collect(double min_quality = 0, bool unit = false) const {
    return faces::collect_faces(flowrun::table<faces::face_vectors>(data_), min_quality, unit);
  }

 private:
  flowrun::table_data data_;
};

face_vector face(std::vector<float> vector, float quality = 1) {
  return {std::move(vector), quality};
}

}  // namespace

TEST_CASE("every face is a row that knows where it is from") {
  album a;
  a.add("a", {face({1, 2}), face({3, 4})}).add("none", {}).add("b", {face({5, 6})});
  const faces::face_matrix all = a.collect();
  CHECK(all.dims == 2);
  CHECK(all.rows == std::vector<float>{1, 2, 3, 4, 5, 6});
  REQUIRE(all.size() == 3);
  CHECK(all.places[1].item == 0);
  CHECK(all.places[1].face == 1);
  CHECK(all.places[2].item == 2);
  CHECK(all.points().row(2)[1] == 6);
  CHECK(album().collect().size() == 0);
}

TEST_CASE("faces of a low quality are left out, whatever their vector is") {
  album a;
  a.add("a", {face({1, 2}, 0.4F), face({3, 4}, 0.5F), face({std::nanf("")}, 0.1F)});
  const faces::face_matrix all = a.collect(0.5);
  CHECK(all.rows == std::vector<float>{3, 4});
  CHECK(all.places[0].face == 1);
}

TEST_CASE("norm=unit makes vectors as long as one another") {
  album a;
  a.add("a", {face({3, 4}), face({0, -2})});
  CHECK(a.collect(0, true).rows == std::vector<float>{0.6F, 0.8F, 0, -1});
}

TEST_CASE("vectors that no distance can be told of are refused by item and face") {
  album good;
  good.add("a.jpg", {face({1, 2}), face({3, 4})});
  const auto refused = [&](std::vector<face_vector> list, const char* text, bool unit = false) {
    album bad = good;
    bad.add("b.jpg", std::move(list));
    CHECK_THROWS_WITH_AS(bad.collect(0, unit), text, std::runtime_error);
  };
  refused({face({1, 2}), face({3, std::nanf("")})},
          "face 1 of 'b.jpg', counted from 0, has nan at place 1 of its vector; right: finite numbers. The network or "
          "its precision is at fault: embed the item with another");
  refused({face({-INFINITY, 2})},
          "face 0 of 'b.jpg', counted from 0, has -inf at place 0 of its vector; right: finite numbers. The network or "
          "its precision is at fault: embed the item with another");
  refused({face({1, 2, 3})},
          "face 0 of 'b.jpg', counted from 0, has a vector of 3 values, and the faces before it have 2; right: one "
          "length. They are of two networks: embed all items with one");
  refused({face({1, 2}, std::nanf(""))},
          "face 0 of 'b.jpg', counted from 0, has the quality nan; right: 0 to 1. What embeds faces is at fault");
  refused({face({0, 0})},
          "face 0 of 'b.jpg', counted from 0, has a vector of zeros, which norm=unit cannot make as long as others; "
          "right: any other vector. Take norm=none, or embed the item with another network",
          true);
  good.add("b.jpg", {face({0, 0}), face({})});
  CHECK(good.collect().size() == 3);  // with norm=none a place like any other; no vector: none
}
