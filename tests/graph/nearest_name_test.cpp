#include <doctest/doctest.h>

#include "graph/nearest_name.hpp"

using namespace flowrun::core;

TEST_CASE("the nearest name is one slip away, or a few in a long word") {
  const std::vector<std::string> names = {"level", "image", "recursive", "min_cluster_size"};
  CHECK(nearest_name("levl", names) == "level");
  CHECK(nearest_name("imgae", names) == "image");
  CHECK(nearest_name("LEVEL", names) == "level");
  CHECK(nearest_name("recusrvie", names) == "recursive");
  CHECK(nearest_name("min_size", names) == "");
  CHECK(nearest_name("mincluster_size", names) == "min_cluster_size");
  CHECK(nearest_name("xyz", names) == "");
  CHECK(nearest_name("", names) == "");
  CHECK(nearest_name("level", names) == "");
  CHECK(nearest_name(std::string(5000, 'l'), names) == "");
  CHECK(nearest_name("ab", {"a", "abc", "abd"}) == "abc");
}

TEST_CASE("names in sentences") {
  CHECK(did_you_mean("levl", {"level"}) == ". Did you mean 'level'?");
  CHECK(did_you_mean("levl", {"path"}) == "");
  CHECK(list_names({}) == "none");
  CHECK(list_names({"a", "b"}) == "a, b");
}
