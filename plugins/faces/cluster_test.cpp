// The stage as a run calls it.
#include "cluster.hpp"

#include <doctest/doctest.h>

#include <random>

#include "hdbscan/hdbscan.hpp"
#include "made_album.hpp"

using namespace made_album;

TEST_CASE("people are numbered by how many faces they have; who is near nobody is nobody") {
  album a;
  add_line(a, "a", 0, 6);
  add_line(a, "b", 100, 12);
  add_line(a, "c", 200, 8);
  a.add("x", {at(1000), at(-1000)}).add("y", {});
  stage s;
  set_up(s);
  const auto made = s.gather(a.table());
  const auto people = by_person(a, made);
  CHECK(people.at('a') == all(6, 2));
  CHECK(people.at('b') == all(12, 0));
  CHECK(people.at('c') == all(8, 1));
  CHECK(people.at('x') == all(2, -1));
  CHECK(made.get<identities>(27)->list.empty());  // y: a value, not a skip
  CHECK(made.get<identities>(27)->next_identity == 3);
  CHECK(made.get<identities>(0)->list[0].probability == 1);
}

TEST_CASE("apart=false and stable=false are HDBSCAN*, numbered by size") {
  std::mt19937_64 random(3);
  std::normal_distribution<float> normal;
  album a;
  std::vector<float> rows;
  for (int picture = 0; picture < 100; ++picture) {
    std::vector<std::vector<float>> list;
    for (int face = 0; face < 4; ++face) {
      std::vector<float> v;
      const float spread = (4 * picture + face) % 9 == 0 ? 20 : 1;
      for (int k = 0; k < 12; ++k)
        v.push_back(spread * normal(random) + (k == (picture + face * face) % 7 ? 7.0F : 0.0F));
      rows.insert(rows.end(), v.begin(), v.end());
      list.push_back(v);
    }
    a.add(number(picture), list);
  }
  for (const char* method : {"excess_of_mass", "leaf"}) {
    stage s;
    s.set("apart", false).set("stable", false).set("method", method).set("min_cluster_size", 6);
    const auto made = s.gather(a.table());
    hdbscan::settings settings;
    settings.min_cluster_size = 6;
    if (method == std::string("leaf")) settings.method = hdbscan::selection::leaf;
    const hdbscan::clustering plain = hdbscan::cluster({rows.data(), 400, 12}, settings);
    std::map<std::int32_t, std::int32_t> id_of;
    std::map<std::int32_t, std::size_t> sizes;
    for (std::size_t i = 0; i < 400; ++i) {
      const faces::membership& m = made.get<identities>(i / 4)->list[i % 4];
      CHECK(m.probability == static_cast<float>(plain.probabilities[i]));
      CHECK(m.outlier_score == static_cast<float>(plain.outlier_scores[i]));
      CHECK(id_of.try_emplace(plain.labels[i], m.identity).first->second == m.identity);
      ++sizes[m.identity];
    }
    CHECK(id_of.at(-1) == -1);
    sizes.erase(-1);
    CHECK(sizes.size() + 1 == id_of.size());
    CHECK(sizes.size() >= 5);
    for (const auto& [identity, size] : sizes)
      if (sizes.count(identity + 1)) CHECK(size >= sizes.at(identity + 1));
  }
}

TEST_CASE("apart: two faces of one picture are two people") {
  album a;
  for (int i = 0; i < 6; ++i) {  // two people that are as near as one; in the first picture both
    const auto x = static_cast<float>(i);
    if (i == 0)
      a.add("p00", {at(x), at(6.25F + x)});
    else
      a.add("a" + number(i), {at(x)}).add("b" + number(i), {at(6.25F + x)});
  }
  add_line(a, "c", 1000, 7);
  stage s;
  set_up(s);
  const auto parted = by_person(a, s.gather(a.table()));
  CHECK(parted.at('c') == all(7, 0));
  CHECK(parted.at('a') == all(5, 1));
  CHECK(parted.at('b') == all(5, 2));
  CHECK(parted.at('p') == std::vector<std::int32_t>{1, 2});
  s.set("apart", false);
  const auto together = by_person(a, s.gather(a.table()));
  CHECK(together.at('a') == all(5, 0));
  CHECK(together.at('b') == all(5, 0));
  CHECK(together.at('p') == all(2, 0));
}

TEST_CASE("apart: of two faces of one picture that nothing parts the weaker is nobody's") {
  album a;
  add_line(a, "a", 0, 7);
  add_line(a, "b", 100, 7);
  a.add("p", {at(8.5F), at(7)});  // 8.5 is 1.5 from the next
  stage s;
  set_up(s);
  CHECK(by_person(a, s.gather(a.table())).at('p') == std::vector<std::int32_t>{-1, 0});
  s.set("apart", false);
  CHECK(by_person(a, s.gather(a.table())).at('p') == std::vector<std::int32_t>{0, 0});
}

TEST_CASE("few faces are nobody's, and no faces are no error") {
  album a;
  add_line(a, "a", 0, 4);
  a.add("none", {});
  stage s;
  CHECK(ids(s.gather(a.table())) == ids_of_items{{-1}, {-1}, {-1}, {-1}, {}});
  CHECK(ids(s.gather(album().add("a", {at(1)}).table())) == ids_of_items{{-1}});
  CHECK(ids(s.gather(album().add("a", {}).add("b", {}).table())) == ids_of_items{{}, {}});
  CHECK(s.gather(album().table()).rows.empty());
}

TEST_CASE("faces below min_quality take no part") {
  album a;
  add_line(a, "a", 0, 7);
  add_line(a, "b", 100, 6);
  a.pictures["a03"].list[0].quality = 0.2F;
  a.pictures["a03"].list[0].vector[0] = NAN;
  stage s;
  set_up(s);
  s.set("min_quality", 0.3).set("min_samples", 2);
  const auto people = by_person(a, s.gather(a.table()));
  CHECK(people.at('a') == std::vector<std::int32_t>{0, 0, 0, -1, 0, 0, 0});
  CHECK(people.at('b') == all(6, 1));
}

TEST_CASE("faces that no distance can be told of are a failed gather") {
  album a;
  add_line(a, "a", 0, 7);
  a.add("b.jpg", {at(1), at(NAN)});
  const auto made = stage().gather(a.table());
  CHECK(made.answered == flowrun::status::error);
  CHECK(made.reason ==
        "face 1 of 'b.jpg', counted from 0, has nan at place 0 of its vector; right: finite numbers. The network or "
        "its precision is at fault: embed the item with another");
}

TEST_CASE("norm=unit looks at directions only") {
  album a;
  for (int i = 0; i < 12; ++i) {
    const float length = 1 + static_cast<float>(i), turn = 0.001F * static_cast<float>(i);
    a.add("a" + number(i), {{length, turn * length}}).add("b" + number(i), {{turn / length, 1 / length}});
  }
  stage s;
  s.set("norm", "unit");
  const auto people = by_person(a, s.gather(a.table()));
  CHECK(people.at('a') == all(12, 0));
  CHECK(people.at('b') == all(12, 1));
}

TEST_CASE("an identity that takes nearly everybody is warned of") {
  album a;
  for (int i = 0; i < 500; ++i) a.add("a" + std::to_string(1000 + i), {at(static_cast<float>(i))});
  add_line(a, "b", 10'000, 5);
  stage s;
  set_up(s);
  std::vector<std::string> told;
  s.context.log = [&](flowrun::log_level level, std::string_view text) {
    CHECK(level == flowrun::log_level::warning);
    told.emplace_back(text);
  };
  CHECK(by_person(a, s.gather(a.table())).at('a') == all(500, 0));
  CHECK(told ==
        std::vector<std::string>{
            "identity 0 has 500 of the 505 faces that are somebody's. If these are several people, try method=leaf, a "
            "smaller min_cluster_size, a higher min_quality, or norm=unit"});
}
