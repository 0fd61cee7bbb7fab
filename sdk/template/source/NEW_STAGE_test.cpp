// NEW_PLUGIN.NEW_STAGE, called as a run calls it.
#include "NEW_STAGE.cpp"

#include <cstdio>
#include <flowrun/testing.hpp>

static int wrong = 0;

static void expect(bool right, const char* what) {
  if (right) return;
  std::fprintf(stderr, "not so: %s\n", what);
  ++wrong;
}

int main() {
  flowrun::testing::stage<NEW_STRUCT> s;
  s.set("count", 3);
  const auto items = s.list();
  expect(items.size() == 3, "count items");
  expect(items.size() == 3 && items[2]->key == "stripes-3", "named by the width of their stripes");
  const auto answer = s.load(*items[1]);
  const auto& picture = answer.get<flowrun::image>("image");
  expect(picture.row(0)[1] == 0 && picture.row(0)[2] == 255, "stripes of 2 px, the first one black");
  return wrong == 0 ? 0 : 1;
}
