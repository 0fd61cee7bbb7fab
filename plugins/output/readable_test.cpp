#include "readable.hpp"

#include <doctest/doctest.h>

#include "unique_names.hpp"

using output::readable;
using output::unique_names;
using output::utf8_length;

TEST_CASE("the characters of UTF-8, and what is none") {
  CHECK(utf8_length("") == 0);
  CHECK(utf8_length("a") == 1);
  CHECK(utf8_length("\xc3\xa4x") == 2);
  CHECK(utf8_length("\xe2\x82\xac") == 3);
  CHECK(utf8_length("\xf0\x9f\x98\x80") == 4);
  for (const char* wrong : {"\x80", "\xc0\x80", "\xc1\xbf", "\xc3", "\xc3x", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xe2\x82",
                            "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff"})
    CHECK(utf8_length(wrong) == 0);
}

TEST_CASE("any bytes become text") {
  CHECK(readable("photos/b\xc3\xa4r.jpg") == "photos/b\xc3\xa4r.jpg");
  CHECK(readable("100%\n\x1b[31m\x7f\xff\xc2\x85") == "100%25%0A%1B[31m%7F%FF%C2%85");
  CHECK(readable(std::string_view("a\0b", 3)) == "a%00b");
  CHECK(readable("\xe2\x82x") == "%E2%82x");
}

TEST_CASE("names of files are made of any text") {
  unique_names names;
  CHECK(names.add("2024/trip/a.jpg") == "2024_trip_a.jpg");
  CHECK(names.add("2024_trip/a.jpg") == "2024_trip_a~2.jpg");
  CHECK(names.add("2024_trip_a.jpg") == "2024_trip_a~3.jpg");
  CHECK(names.add("2024_trip_a~2.jpg") == "2024_trip_a~2~2.jpg");
  CHECK(names.add("") == "_");
  CHECK(names.add(".") == "_.");
  CHECK(names.add("..") == "_..");
  CHECK(names.add("../x") == "_.._x");
  CHECK(names.add(".flowrun-files") == "_.flowrun-files");
  CHECK(names.add(std::string_view("a\0b", 3)) == "a_b");
  CHECK(names.add("plain") == "plain");
  CHECK(names.add("plain") == "plain~2");
  CHECK(names.add("\xff") == "\xff");
}

TEST_CASE("a long name keeps its end, and stays one that a file can have") {
  unique_names names;
  const std::string longest = std::string(300, 'x') + ".jpg";
  CHECK(names.add(longest) == std::string(236, 'x') + ".jpg");
  CHECK(names.add(longest) == std::string(236, 'x') + "~2.jpg");
  std::string letters;
  for (int i = 0; i < 200; ++i) letters += "\xe2\x82\xac";
  const std::string cut = names.add(letters + "1");  // 601 bytes; the last 240 begin in the middle of a letter
  CHECK(cut.size() == 238);
  CHECK(output::utf8_length(cut) == 3);
  CHECK(names.add(std::string(10, 'a') + "." + std::string(239, 'b')) == "_." + std::string(239, 'b'));
}
