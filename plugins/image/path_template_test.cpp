#include "path_template.hpp"

#include <doctest/doctest.h>

#include <flowrun/packet.hpp>

using image_write::path_template;

namespace {

std::string filled(const char* text, std::string_view key, std::uint64_t seq = 0) {
  flowrun::item_info item;
  item.key = key;
  item.stream = "clips/a.mp4";
  item.seq = seq;
  return path_template(text).fill(item);
}

std::string refusal(const char* text) {
  try {
    path_template t(text);
  } catch (const flowrun::input_error& e) {
    return e.what();
  }
  return "";
}

}  // namespace

TEST_CASE("placeholders are filled from the item") {
  CHECK(filled("{key}", "x/a.b.jpg") == "x/a.b.jpg");
  CHECK(filled("{stem}.png", "x/a.b.jpg") == "x/a.b.png");
  CHECK(filled("{ext}/{stem}.{ext}", "x/a.jpg") == "jpg/x/a.jpg");
  CHECK(filled("{stem}|{ext}", "x.y/noext") == "x.y/noext|");
  CHECK(filled("{stem}|{ext}", "x/.hidden") == "x/.hidden|");
  CHECK(filled("{stream}/{seq:06}.jpg", "k", 42) == "clips/a.mp4/000042.jpg");
  CHECK(filled("{seq}-{seq:02}", "k", 12345) == "12345-12345");
  CHECK(filled("fixed/{key}", "k") == "fixed/k");
  CHECK(filled("{key}", "\xff{seq}\xfe") == "\xff{seq}\xfe");
}

TEST_CASE("templates that make no sense are refused") {
  CHECK(refusal("{name}.jpg") ==
        "the path template '{name}.jpg' has an unknown placeholder '{name}'; there are {key}, {stem}, {ext}, {stream}, "
        "{seq}, and {seq:01} to {seq:09}");
  CHECK(refusal("{seq:6}") ==
        "the path template '{seq:6}' has an unknown placeholder '{seq:6}'; there are {key}, {stem}, {ext}, {stream}, "
        "{seq}, and {seq:01} to {seq:09}");
  CHECK(refusal("a{key") == "the path template 'a{key' has a '{' that is not closed by a '}'");
  CHECK(refusal("{{key}}") == "the path template '{{key}}' has a '{' that is not closed by a '}'");
  CHECK(refusal("key}") == "the path template 'key}' has a '}' without a '{' before it");
  CHECK(refusal("{stream}/fixed.jpg") ==
        "the path template '{stream}/fixed.jpg' gives every item the same path; put {key}, {stem} or {seq} in it");
  CHECK(refusal("") == "the path template '' is empty; give one such as '{key}' or '{stem}.jpg'");
}
