#include "glob_pattern.hpp"

#include <doctest/doctest.h>

#include "root_names.hpp"

using namespace media;

TEST_CASE("patterns match names byte by byte") {
  CHECK(matches("*.jpg", "a.jpg"));
  CHECK_FALSE(matches("*.jpg", "a.jpg.txt"));
  CHECK_FALSE(matches("*.jpg", ".hidden.jpg"));
  CHECK(matches(".*.jpg", ".hidden.jpg"));
  CHECK(matches("a?c*", "abc"));
  CHECK_FALSE(matches("a?c", "ac"));
  CHECK(matches("*a*b*", "xaxbx"));
  CHECK_FALSE(matches("*a*b*", "xbxax"));
  CHECK(matches("[a-c]1", "b1"));
  CHECK_FALSE(matches("[a-c]1", "d1"));
  CHECK(matches("[!a-c]1", "d1"));
  CHECK(matches("[]]", "]"));
  CHECK(matches("[-x]", "-"));
  CHECK(matches("a[b", "a[b"));
  CHECK(matches("?*", "\xff\xfe"));
  CHECK(matches("[\x80-\xff]", "\xe4"));
  CHECK_FALSE(matches("*a*a*a*a*a*a*a*a*a*b", std::string(2000, 'a')));
  CHECK(matches("*", "x"));
  CHECK(matches("", ""));
  CHECK_FALSE(matches("", "x"));
}

TEST_CASE("a pattern's root is what stands before its first wildcard") {
  CHECK(split_pattern("photos/2024-*/a?.jpg").root == "photos");
  CHECK(split_pattern("photos/2024-*//a?.jpg").parts == std::vector<std::string>{"2024-*", "a?.jpg"});
  CHECK(split_pattern("*.jpg").root == ".");
  CHECK(split_pattern("*.jpg").parts == std::vector<std::string>{"*.jpg"});
  CHECK(split_pattern("/*.jpg").root == "/");
  CHECK(split_pattern("a/b/x[1].jpg").root == "a/b");
}

TEST_CASE("roots are named by as many last folders as it takes") {
  using names = std::vector<std::string>;
  CHECK(root_names({"/d/photos"}) == names{"photos"});
  CHECK(root_names({"/d/photos", "/d/more/"}) == names{"photos", "more"});
  CHECK(root_names({"/d/2023/photos", "/d/2024/photos"}) == names{"2023/photos", "2024/photos"});
  CHECK(root_names({"/p/a", "/q/a/b", "/r/b"}) == names{"p/a", "a/b", "r/b"});
  CHECK(root_names({"/a", "/x/a"}) == names{"a", "x/a"});
  CHECK(root_names({"/"}) == names{""});
}
