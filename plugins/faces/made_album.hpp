// What the tests of faces.cluster share: pictures made of numbers, and who is who in what the stage gave.
#pragma once
#include <flowrun/testing.hpp>
#include <map>

#include "cluster.hpp"

namespace made_album {

using faces::face_vectors;
using faces::identities;
using flowrun::testing::column;
using stage = flowrun::testing::stage<faces::cluster>;
using ids_of_items = std::vector<std::vector<std::int32_t>>;

// Pictures by key, in order; each face a vector.
struct album {
  std::map<std::string, face_vectors> pictures;

  album& add(const std::string& key, const std::vector<std::vector<float>>& vectors) {
    face_vectors list;
    for (const std::vector<float>& v : vectors) list.list.push_back({v, 1});
    pictures[key] = list;
    return *this;
  }
  column<face_vectors> table() const {
    column<face_vectors> c;
    for (const auto& [key, list] : pictures) c.keys.push_back(key), c.values.push_back(list);
    return c;
  }
  // What a gather gave of these pictures.
  column<identities> given(const flowrun::testing::gathered& g) const {
    column<identities> c;
    for (const auto& [key, list] : pictures)
      c.values.push_back(*g.get<identities>(c.keys.size())), c.keys.push_back(key);
    return c;
  }
};

inline ids_of_items ids(const flowrun::testing::gathered& g) {
  ids_of_items all;
  for (std::size_t i = 0; i < g.rows.size(); ++i) {
    all.emplace_back();
    for (const faces::membership& m : g.get<identities>(i)->list) all.back().push_back(m.identity);
  }
  return all;
}

inline std::string number(int i) {
  return (i < 10 ? "0" : "") + std::to_string(i);
}

inline std::vector<float> at(float x) {
  return {x, 0};
}

// `count` pictures of one face each, 1 apart on a line from `first` on.
inline void add_line(album& a, const std::string& who, float first, int count) {
  for (int i = 0; i < count; ++i) a.add(who + number(i), {at(first + static_cast<float>(i))});
}

// By picture, whose name begins with who it shows.
inline std::map<char, std::vector<std::int32_t>> by_person(const album& a, const flowrun::testing::gathered& g) {
  std::map<char, std::vector<std::int32_t>> people;
  std::size_t row = 0;
  for (const auto& picture : a.pictures)
    for (const faces::membership& m : g.get<identities>(row++)->list) people[picture.first[0]].push_back(m.identity);
  return people;
}

inline std::vector<std::int32_t> all(int count, std::int32_t identity) {
  return std::vector<std::int32_t>(static_cast<std::size_t>(count), identity);
}

inline void set_up(stage& s) {
  s.set("min_samples", 1);  // on a line every face has a neighbour at 1
}

}  // namespace made_album
