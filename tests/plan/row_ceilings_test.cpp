// What is remembered of a device whose memory ran out, and what is not.
#include "engine/row_ceilings.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <sstream>
#include <thread>
#include <vector>

using flowrun::core::row_ceilings;
namespace fs = std::filesystem;

namespace {

struct folder {
  fs::path path;
  folder() {
    char name[] = "/tmp/flowrun_ceilingsXXXXXX";
    REQUIRE(mkdtemp(name));
    path = name;
  }
  ~folder() { fs::remove_all(path); }
};

std::string text_of(const fs::path& file) {
  std::stringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("a ceiling is remembered by the next run, in a folder that is made") {
  folder f;
  row_ceilings(f.path / "a/b").remember("net | gpu | fp16", 48);
  row_ceilings next(f.path / "a/b");
  CHECK(next.find("net | gpu | fp16") == 48);
  CHECK(next.find("net | gpu | fp32") == 0);
  next.remember("net | gpu | fp32", 24);
  CHECK(text_of(f.path / "a/b/row_ceilings.json") == "{\n \"net | gpu | fp16\": 48,\n \"net | gpu | fp32\": 24\n}\n");
}

TEST_CASE("the least counts, whoever tells it last") {
  folder f;
  row_ceilings ceilings(f.path);
  std::vector<std::thread> lanes;
  for (int first : {16, 15, 14, 13})
    lanes.emplace_back([&ceilings, first] {
      for (int rows = first; rows > 2; rows -= 4) ceilings.remember("net", static_cast<std::size_t>(rows));
    });
  for (std::thread& t : lanes) t.join();
  CHECK(ceilings.find("net") == 3);
  ceilings.remember("net", 8);
  CHECK(ceilings.find("net") == 3);
  ceilings.remember("net", 1);
  CHECK(ceilings.find("net") == 1);
}

TEST_CASE("what cannot be read is not known, and written anew") {
  for (const char* text : {"", "{", "[1, 2]", "{\"net\": -4}", "{\"net\": \"4\"}"}) {
    CAPTURE(text);
    folder f;
    std::ofstream(f.path / "row_ceilings.json") << text;
    row_ceilings ceilings(f.path);
    CHECK(ceilings.find("net") == 0);
    ceilings.remember("net", 5);
    CHECK(text_of(f.path / "row_ceilings.json") == "{\n \"net\": 5\n}\n");
  }
}

TEST_CASE("without a folder, or with one that cannot be made, nothing is remembered and nothing fails") {
  row_ceilings none("");
  none.remember("net", 5);
  CHECK(none.find("net") == 0);
  folder f;
  std::ofstream(f.path / "file") << "no folder";
  row_ceilings in_a_file(f.path / "file/below");
  in_a_file.remember("net", 5);
  CHECK(in_a_file.find("net") == 0);
}
