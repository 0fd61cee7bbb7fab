// NEW_PLUGIN.NEW_STAGE, called as a run calls it.
#include "NEW_STAGE.cpp"

#include <cstdio>
#include <flowrun/testing.hpp>
#include <sstream>

static int wrong = 0;

static void expect(bool right, const char* what) {
  if (right) return;
  std::fprintf(stderr, "not so: %s\n", what);
  ++wrong;
}

static flowrun::image picture(int width, int height) {
  return flowrun::image_buffer(width, height, 1).freeze();
}

int main() {
  flowrun::testing::stage<NEW_STRUCT> s;
  s.set("file", "pictures.txt");
  s.run_as({"b.png", "media", {}, 0, 0}, picture(3, 2));
  s.run_as({"a.png", "media", {}, 1, 0}, picture(1, 4));
  s.close();
  std::ostringstream list;
  list << std::ifstream(s.context.out + "/pictures.txt").rdbuf();
  expect(list.str() == "b.png 3 2\na.png 1 4\n", "a line for each picture, in order");
  return wrong == 0 ? 0 : 1;
}
