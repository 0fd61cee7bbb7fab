#include <doctest/doctest.h>

#include <atomic>
#include <thread>

#include "sample_stages.hpp"

// Stages whose `const` lies, each in one of the ways the compiler cannot see.
namespace {

using flowrun::image;
using namespace samples;

struct aliased {  // gives away its scratch memory
  static constexpr auto name = "aliased";
  std::shared_ptr<std::uint8_t> scratch{new std::uint8_t[64], std::default_delete<std::uint8_t[]>()};
  static void describe(flowrun::description<aliased>& d) { d.run(&aliased::run, {"image"}, {"image"}); }
  image run(const image& in) const {
    std::memcpy(scratch.get(), in.pixels.get(), 64);
    return {8, 8, 1, 8, scratch};
  }
};
struct overwriting {
  static constexpr auto name = "overwriting";
  static void describe(flowrun::description<overwriting>& d) { d.run(&overwriting::run, {"image"}, {"image"}); }
  image run(const image& in) const {
    const_cast<std::uint8_t*>(in.pixels.get())[3] = 9;
    return in;
  }
};
struct counting {
  static constexpr auto name = "counting";
  mutable int calls = 0;
  static void describe(flowrun::description<counting>& d) { d.run(&counting::run, {"number"}, {"number"}); }
  int run(const int& n) const { return n + calls++; }
};
struct shared_scratch {  // right alone, wrong together; atomics and locks, so that it is no data race
  static constexpr auto name = "shared_scratch";
  mutable std::atomic<int> scratch = 0;
  static void describe(flowrun::description<shared_scratch>& d) { d.run(&shared_scratch::run, {"number"}, {"number"}); }
  int run(const int& n) const {
    scratch = n;
    for (int i = 0; i < 4; ++i) std::this_thread::yield();
    return scratch;
  }
};
struct sometimes {
  static constexpr auto name = "sometimes";
  mutable std::atomic<int> busy = 0;
  static void describe(flowrun::description<sometimes>& d) { d.run(&sometimes::run, {"number"}, {"number"}); }
  int run(const int& n) const {
    const bool alone = busy++ == 0;
    for (int i = 0; i < 4; ++i) std::this_thread::yield();
    --busy;
    if (!alone) throw std::runtime_error("busy");
    return n;
  }
};
// Without fields: compared by operator==.
struct blob {
  static constexpr auto port = "test.blob/1";
  std::vector<int> v;
  friend bool operator==(const blob&, const blob&) = default;
  friend std::size_t bytes(const blob& b) { return b.v.size(); }
};
struct secret {
  static constexpr auto port = "test.secret/1";
  friend std::size_t bytes(const secret&) { return 1; }
};
struct blobs {
  static constexpr auto name = "blobs";
  mutable int calls = 0;
  bool honest = true;
  static void describe(flowrun::description<blobs>& d) {
    d.param("honest", &blobs::honest, "gives the same each time");
    d.run(&blobs::run, {"blob"}, {"blobs"});
  }
  std::vector<blob> run(const blob& in) const { return {in, blob{{honest ? 0 : calls++}}}; }
};
struct secrets {
  static constexpr auto name = "secrets";
  static void describe(flowrun::description<secrets>& d) { d.run(&secrets::run, {"number"}, {"secret"}); }
  secret run(const int&) const { return {}; }
};

}  // namespace

TEST_CASE("check_parallel finds what const hides") {
  using flowrun::testing::check_parallel;
  const std::vector<image> pictures{gradient(8, 8, 1), gradient(8, 8, 1, 50), gradient(8, 8, 1, 99)};
  CHECK(check_parallel<aliased>(pictures) ==
        "aliased, input 0: output 'image' was changed by a later call: byte 12 of 76 is 99, not 0");
  CHECK(check_parallel<overwriting>(pictures) ==
        "overwriting, input 0: run() changed 'image', which other stages read too: byte 15 of 76 is 9, not 21");
  const std::vector<int> numbers{1, 2, 3};
  CHECK(check_parallel<counting>(numbers) ==
        "counting, input 2: output 'number' of a second call is not that of the first one: byte 0 of 4 is 6, not 5");
  CHECK(check_parallel<counter>(numbers) == "counter: its run() is not const, so it is never called in parallel");
  CHECK(check_parallel<secrets>(numbers) ==
        "secrets: output 'secret' cannot be compared: test.secret/1 has neither fields() nor operator==");
  const flowrun::testing::parallel_options many{8, 2000};
  const std::string mixed = check_parallel<shared_scratch>(numbers, many);
  CHECK(mixed.find("output 'number' of 8 threads is not that of one thread: byte 0 of 4 is ") != std::string::npos);
  CHECK(mixed.find("shared_scratch, input ") == 0);
  const std::string busy = check_parallel<sometimes>(numbers, many);
  CHECK(busy.substr(busy.find(": ")) == ": 8 threads gave error (busy), one thread a value");
}

TEST_CASE("check_parallel has nothing to say of an honest stage") {
  using flowrun::testing::check_parallel;
  std::vector<image> pictures;
  for (int i = 0; i < 10; ++i) pictures.push_back(gradient(40 + i, 30, 3, i));
  flowrun::testing::stage<threshold> s;
  s.set("level", 77);
  CHECK(check_parallel(s, pictures) == "");
  flowrun::testing::stage<file_name> f;
  f.set("prefix", "x");
  CHECK(check_parallel(f, std::vector<std::tuple<int, int>>{{1, 2}, {-3, 4}}) == "");
  CHECK(check_parallel(f, std::vector<std::tuple<int, std::nullptr_t>>{{1, nullptr}}) == "");
  const std::vector<blob> values{{{1, 2}}, {{3}}};
  CHECK(check_parallel<blobs>(values) == "");
  flowrun::testing::stage<blobs> b;
  b.set("honest", false);
  CHECK(check_parallel(b, values) ==
        "blobs, input 1: output 'blobs' of a second call is not that of the first one by its operator==");
}
