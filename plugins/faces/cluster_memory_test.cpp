// What the stage makes of the identities it gave the last time.
#include <doctest/doctest.h>

#include "made_album.hpp"

using namespace made_album;

TEST_CASE("stable: added pictures change nobody's number") {
  album a;
  add_line(a, "b", 100, 6);
  add_line(a, "d", 200, 9);
  stage s;
  set_up(s);
  const auto first = s.gather(a.table());
  CHECK(by_person(a, first).at('b') == all(6, 1));
  const auto before = a.given(first);
  add_line(a, "a", 300, 20);  // the first in order and the largest
  add_line(a, "b1", 106, 8);  // and more of one who is known
  const auto then = s.gather_after(before, a.table());
  CHECK(by_person(a, then).at('b') == all(14, 1));
  CHECK(by_person(a, then).at('d') == all(9, 0));
  CHECK(by_person(a, then).at('a') == all(20, 2));
  CHECK(ids(s.gather_after(a.given(then), a.table())) == ids(then));
  s.set("stable", false);
  CHECK(by_person(a, s.gather_after(a.given(then), a.table())).at('a') == all(20, 0));
}

TEST_CASE("stable: a person that splits keeps its number with the larger part; numbers of the vanished are not used") {
  album a;
  add_line(a, "a", 0, 6);
  add_line(a, "b", 100, 9);
  add_line(a, "c", 200, 7);
  column<identities> before;
  for (const auto& [key, list] : a.pictures) {
    before.keys.push_back(key);
    // a and b were one, c was nobody; two more have vanished: 5 from a picture, 6 together with its last picture.
    before.values.push_back({{{key[0] == 'c' ? -1 : 1, 1, 0}}, 7});
  }
  a.add("x", {at(5000)});
  before.keys.push_back("x");
  before.values.push_back({{{5, 1, 0}}, 7});
  stage s;
  set_up(s);
  const auto made = s.gather_after(before, a.table());
  CHECK(by_person(a, made).at('b') == all(9, 1));
  CHECK(by_person(a, made).at('c') == all(7, 7));
  CHECK(by_person(a, made).at('a') == all(6, 8));
  CHECK(by_person(a, made).at('x') == all(1, -1));
  CHECK(made.get<identities>(0)->next_identity == 9);
}

TEST_CASE("stable: of a picture in which another number of faces was found nothing is known") {
  album a;
  add_line(a, "a", 0, 6);
  add_line(a, "b", 100, 6);
  column<identities> before;
  for (const auto& [key, list] : a.pictures) {
    before.keys.push_back(key);
    before.values.push_back({{{key[0] == 'a' ? 4 : 3, 1, 0}}, 5});
    if (key[0] == 'a') before.values.back().list.emplace_back();
  }
  stage s;
  set_up(s);
  const auto people = by_person(a, s.gather_after(before, a.table()));
  CHECK(people.at('a') == all(6, 5));
  CHECK(people.at('b') == all(6, 3));
}

TEST_CASE("assign: new faces join known people, and nobody else changes") {
  album a;
  add_line(a, "a", 0, 6);
  add_line(a, "b", 100, 9);
  stage s;
  set_up(s);
  const auto first = s.gather(a.table());
  const auto before = a.given(first);
  add_line(a, "c", 200, 20);
  a.add("n", {at(5.4F), at(99.8F), at(50)});
  s.set("assign", true);
  const auto then = s.gather_after(before, a.table());
  CHECK(by_person(a, then).at('a') == all(6, 1));
  CHECK(by_person(a, then).at('b') == all(9, 0));
  CHECK(by_person(a, then).at('c') == all(20, -1));
  CHECK(by_person(a, then).at('n') == std::vector<std::int32_t>{1, 0, -1});
  CHECK(then.get<identities>(0)->next_identity == 2);
  s.set("within", 0.3);
  CHECK(by_person(a, s.gather_after(before, a.table())).at('n') == std::vector<std::int32_t>{-1, 0, -1});
  const auto lost = s.gather(a.table());
  CHECK(lost.answered == flowrun::status::error);
  CHECK(lost.reason ==
        "assign gives new faces to known people, but of no face it is known whose it is; cluster them once with "
        "assign=false");
  CHECK(s.gather(album().add("empty", {}).table()).get<identities>()->list.empty());
}
