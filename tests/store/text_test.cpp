#include <cmath>
#include <limits>

#include "fixture.hpp"
#include "store/file_system.hpp"
#include "store/fingerprint.hpp"
#include "store/key_text.hpp"
#include "store/schema_text.hpp"
#include "store/value_json.hpp"

using namespace store_test;

namespace {

struct point {
  std::array<double, 2> xy{};
  static void fields(flowrun::fields<point>& f) { f.field("xy", &point::xy); }
};
struct everything {
  bool yes = true;
  std::int8_t i8 = -128;
  std::uint8_t u8 = 255;
  std::int16_t i16 = -2;
  std::uint16_t u16 = 65535;
  std::int32_t i32 = -3;
  std::uint32_t u32 = 4000000000u;
  std::int64_t i64 = std::numeric_limits<std::int64_t>::min();
  std::uint64_t u64 = std::numeric_limits<std::uint64_t>::max();
  float f32 = 0.1f;
  double f64 = 0.1;
  std::string text = "a\"\\\n\x01 50 %";
  std::vector<point> points = {{}, point{{1.5, 1e300}}};
  std::optional<std::string> none;
  std::optional<std::vector<float>> some = std::vector<float>{1, NAN, -INFINITY};
  static void fields(flowrun::fields<everything>& f) {
    using e = everything;
    f.field("yes", &e::yes).field("i8", &e::i8).field("u8", &e::u8).field("i16", &e::i16).field("u16", &e::u16);
    f.field("i32", &e::i32).field("u32", &e::u32).field("i64", &e::i64).field("u64", &e::u64).field("f32", &e::f32);
    f.field("f64", &e::f64).field("text", &e::text).field("points", &e::points).field("none", &e::none);
    f.field("some", &e::some, "a doc, \"quoted\"");
  }
};

std::string json_of(const flowrun::schema& s, std::string_view blob, bool sorted = false) {
  std::string out;
  append_json_value(s, blob, sorted, out);
  return out;
}

bool same(const flowrun::schema& a, const flowrun::schema& b) {
  if (a.kind != b.kind || a.name != b.name || a.doc != b.doc || a.count != b.count) return false;
  if (a.children.size() != b.children.size()) return false;
  for (std::size_t i = 0; i < a.children.size(); ++i)
    if (!same(a.children[i], b.children[i])) return false;
  return true;
}

}  // namespace

TEST_CASE("a value of every kind becomes JSON by its schema") {
  flowrun::schema s = flowrun::codec<everything>::describe();
  CHECK(json_of(s, encoded(everything{})) ==
        R"({"yes":true,"i8":-128,"u8":255,"i16":-2,"u16":65535,"i32":-3,"u32":4000000000,)"
        R"("i64":-9223372036854775808,"u64":18446744073709551615,"f32":0.1,"f64":0.1,)"
        R"("text":"a\"\\\n\u0001 50 %","points":[{"xy":[0,0]},{"xy":[1.5,1e+300]}],"none":null,"some":[1,null,null]})");
  CHECK(json_of(flowrun::codec<light>::describe(), encoded(light{0.5f, 7, {"b", "a"}}), true) ==
        R"({"angle":7,"mean":0.5,"tags":["b","a"]})");
  everything odd;
  odd.text = "\xff 50 %";
  CHECK(contains(json_of(s, encoded(odd)), R"("text":"%FF 50 %25")"));
}

TEST_CASE("bytes that do not fit their schema are an error, whatever they are") {
  flowrun::schema s = flowrun::codec<everything>::describe();
  std::string blob = encoded(everything{});
  int refused = 0;
  for (std::size_t n = 0; n < blob.size(); ++n) try {
      json_of(s, blob.substr(0, n));
    } catch (const std::runtime_error&) {
      ++refused;
    }
  CHECK(refused == static_cast<int>(blob.size()));
  CHECK_THROWS_WITH(json_of(s, blob + "x"), "the stored value has 1 bytes too many");
  flowrun::schema list = flowrun::codec<std::vector<double>>::describe();
  CHECK_THROWS_WITH(json_of(list, "\xff\xff\xff\xff 8 bytes"),
                    "the stored value has a list of 4294967295 elements in 8 bytes");
  list.children[0] = flowrun::schema();
  list.children[0].kind = flowrun::value_kind::object;  // takes no bytes at all
  CHECK_THROWS(json_of(list, "\xff\xff\xff\xff"));
}

TEST_CASE("a schema comes back from its text") {
  flowrun::schema s = flowrun::codec<everything>::describe();
  CHECK(same(read_schema(write_schema(s)), s));
  CHECK(same(read_schema(write_schema(flowrun::schema())), flowrun::schema()));
  CHECK_THROWS(read_schema("{"));
  CHECK_THROWS(read_schema("[]"));
  CHECK_THROWS_WITH(read_schema(R"({"kind":"matrix"})"), "a stored schema has the unknown kind 'matrix'");
  CHECK_THROWS_WITH(read_schema(R"({"kind":"list"})"), "a stored schema has 0 elements in a list");
  std::string deep = R"({"kind":"bool"})";
  for (int i = 0; i < 70; ++i) deep = R"({"kind":"list","of":[)" + deep + "]}";
  CHECK_THROWS(read_schema(deep));
}

TEST_CASE("keys are shown so that no two look the same") {
  CHECK(show_key("photos/a.jpg") == "photos/a.jpg");
  CHECK(show_key("100%") == "100%25");
  CHECK(show_key("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80") == "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
  CHECK(show_key("\xe9.jpg") == "%E9.jpg");
  CHECK(show_key("\xc0\xaf") == "%C0%AF");                // overlong
  CHECK(show_key("\xed\xa0\x80") == "%ED%A0%80");         // a surrogate
  CHECK(show_key("\xf4\x90\x80\x80") == "%F4%90%80%80");  // above U+10FFFF
  CHECK(show_key("\xe2\x82") == "%E2%82");                // cut off
  CHECK(show_text("50 %") == "50 %");
}

TEST_CASE("fingerprints keep texts, numbers and lengths apart") {
  auto hash = [](auto... parts) {
    fingerprint_hash h;
    (h.add(parts), ...);
    return h.bytes();
  };
  CHECK(hash("a", 1).size() == 16);
  CHECK(hash("a", 1) == hash(std::string("a"), std::int64_t{1}));
  CHECK(hash("ab", "c") != hash("a", "bc"));
  CHECK(hash("1") != hash(1));
  CHECK(hash(1) != hash(1.0));
  CHECK(hash(1) != hash(true));
  CHECK(hash(1u) == hash(1));
  CHECK(hash(0.0) == hash(-0.0));
  CHECK(hash() != hash(""));
  fingerprint_hash bytes;
  bytes.add("a", 1);
  CHECK(bytes.bytes() != hash("a"));
}

TEST_CASE("network file systems are known by number") {
  CHECK(std::string(network_file_system(0x6969)) == "NFS");
  CHECK(std::string(network_file_system(static_cast<long>(0xff534d42))) == "SMB");
  CHECK(network_file_system(0xef53) == nullptr);
}
