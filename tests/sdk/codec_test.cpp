// The binary form of kept values, and what identifies a type.
#include <doctest/doctest.h>

#include <cmath>
#include <flowrun/plugin.hpp>
#include <limits>

namespace {

struct box {
  float x = 0, y = 0, width = 0, height = 0;
  bool operator==(const box&) const = default;
  static void fields(flowrun::fields<box>& f) {
    f.field("x", &box::x, "px").field("y", &box::y, "px").field("width", &box::width).field("height", &box::height);
  }
};
struct base {
  std::int16_t rank = 0;
  bool operator==(const base&) const = default;
};
struct everything : base {
  static constexpr auto port = "test.everything/1";
  bool flag = false;
  std::int8_t i8 = 0;
  std::int32_t i32 = 0;
  std::int64_t i64 = 0;
  std::uint8_t u8 = 0;
  std::uint16_t u16 = 0;
  std::uint32_t u32 = 0;
  std::uint64_t u64 = 0;
  float f32 = 0;
  double f64 = 0;
  std::string text;
  std::vector<float> floats;
  std::vector<bool> flags;
  std::vector<std::string> texts;
  std::vector<box> boxes;
  std::vector<std::vector<int>> nested;
  std::array<float, 4> four{};
  std::array<std::string, 2> two;
  std::optional<double> maybe;
  std::optional<box> maybe_box;
  std::vector<std::optional<std::string>> gaps;
  box inner;
  bool operator==(const everything&) const = default;
  static void fields(flowrun::fields<everything>& f) {
    f.field("rank", &everything::rank).field("flag", &everything::flag).field("i8", &everything::i8);
    f.field("i32", &everything::i32).field("i64", &everything::i64).field("u8", &everything::u8);
    f.field("u16", &everything::u16).field("u32", &everything::u32).field("u64", &everything::u64);
    f.field("f32", &everything::f32).field("f64", &everything::f64).field("text", &everything::text);
    f.field("floats", &everything::floats).field("flags", &everything::flags).field("texts", &everything::texts);
    f.field("boxes", &everything::boxes).field("nested", &everything::nested).field("four", &everything::four);
    f.field("two", &everything::two).field("maybe", &everything::maybe).field("maybe_box", &everything::maybe_box);
    f.field("gaps", &everything::gaps).field("inner", &everything::inner);
  }
};
struct nothing {
  bool operator==(const nothing&) const = default;
  static void fields(flowrun::fields<nothing>&) {}
};

template <class T> std::string encoded(const T& v) {
  std::string blob;
  flowrun::codec<T>::encode(v, blob);
  return blob;
}
template <class T> T decoded(std::string_view blob) {
  T v{};
  flowrun::codec<T>::decode(v, blob);
  CHECK(blob.empty());
  return v;
}
template <class T> bool comes_back(const T& v) {
  return decoded<T>(encoded(v)) == v;
}

everything full() {
  everything e;
  e.rank = -300;
  e.flag = true;
  e.i8 = -128;
  e.i32 = std::numeric_limits<std::int32_t>::min();
  e.i64 = std::numeric_limits<std::int64_t>::min();
  e.u8 = 255;
  e.u16 = 65535;
  e.u32 = 0xffffffffu;
  e.u64 = ~std::uint64_t{0};
  e.f32 = -0.1f;
  e.f64 = 1e-310;
  e.text = std::string("zero \0 and \xff", 12);
  e.floats = {1.5f, -2, std::numeric_limits<float>::infinity()};
  e.flags = {true, false, true};
  e.texts = {"", "a", "bc"};
  e.boxes = {{1, 2, 3, 4}, {5, 6, 7, 8}};
  e.nested = {{}, {1}, {2, 3}};
  e.four = {1, 2, 3, 4};
  e.two = {"left", "right"};
  e.maybe = 2.5;
  e.maybe_box = box{1, 0, 0, 1};
  e.gaps = {std::nullopt, "x", ""};
  e.inner = {9, 8, 7, 6};
  return e;
}

template <class T> std::uint64_t hash_of() {
  return flowrun::schema_hash(flowrun::codec<T>::describe());
}

}  // namespace

TEST_CASE("every kind comes back") {
  CHECK(comes_back(true));
  CHECK(comes_back(std::int8_t{-7}));
  CHECK(comes_back(std::uint64_t{1} << 63));
  CHECK(comes_back(-0.0));
  CHECK(std::isnan(decoded<double>(encoded(std::nan("")))));
  CHECK(comes_back(std::string()));
  CHECK(comes_back(std::string(100000, 'x')));
  CHECK(comes_back(std::vector<double>()));
  CHECK(comes_back(std::vector<bool>(9, true)));
  CHECK(comes_back(std::vector<std::string>{"a", ""}));
  CHECK(comes_back(std::array<int, 3>{1, 2, 3}));
  CHECK(comes_back(std::optional<int>()));
  CHECK(comes_back(std::optional<int>(3)));
  CHECK(comes_back(nothing()));
  CHECK(comes_back(std::vector<nothing>(3)));
  CHECK(comes_back(everything()));
  CHECK(comes_back(full()));
}

TEST_CASE("the bytes are the documented ones") {
  CHECK(encoded(std::int32_t{0x01020304}) == std::string("\x04\x03\x02\x01"));
  CHECK(encoded(std::string("ab")) == std::string("\x02\0\0\0ab", 6));
  CHECK(encoded(std::vector<std::uint16_t>{1, 2}) == std::string("\x02\0\0\0\x01\0\x02\0", 8));
  CHECK(encoded(std::array<std::uint8_t, 2>{7, 8}) == "\x07\x08");
  CHECK(encoded(std::optional<std::uint8_t>()) == std::string("\0", 1));
  CHECK(encoded(std::optional<std::uint8_t>(5)) == "\x01\x05");
  CHECK(encoded(std::vector<bool>{true, false}) == std::string("\x02\0\0\0\x01\0", 6));
  CHECK(encoded(box{}).size() == 16);
}

TEST_CASE("decoding replaces what was there, and takes only its own bytes") {
  everything e = full();
  std::string blob = encoded(everything());
  std::string_view in = blob;
  flowrun::codec<everything>::decode(e, in);
  CHECK(e == everything());
  blob = encoded(std::string("one")) + encoded(7);
  in = blob;
  std::string text;
  flowrun::codec<std::string>::decode(text, in);
  CHECK(text == "one");
  CHECK(decoded<int>(in) == 7);
}

TEST_CASE("a blob cut anywhere is refused with one sentence") {
  const std::string blob = encoded(full());
  for (std::size_t n = 0; n < blob.size(); ++n) {
    everything e;
    // Its own memory, so that the address sanitizer sees a step over the end.
    const std::vector<char> cut(blob.begin(), blob.begin() + static_cast<std::ptrdiff_t>(n));
    std::string_view in(cut.data(), n);
    CHECK_THROWS_WITH_AS(flowrun::codec<everything>::decode(e, in), "a stored value ends early", std::runtime_error);
  }
  const auto& type = flowrun::type_of<everything>();
  CHECK_THROWS_WITH_AS(type.decode(blob + "x"), "a stored value is longer than its type", std::runtime_error);
  CHECK(*static_cast<const everything*>(type.decode(blob).get()) == full());
}

TEST_CASE("lengths that lie, and other damage, allocate and crash nothing") {
  std::string huge("\xff\xff\xff\xff", 4);
  CHECK_THROWS_WITH(decoded<std::string>(huge), "a stored value ends early");
  CHECK_THROWS_WITH(decoded<std::vector<double>>(huge), "a stored value ends early");
  CHECK_THROWS_WITH(decoded<std::vector<std::string>>(huge), "a stored value ends early");
  CHECK_THROWS_WITH(decoded<std::vector<box>>(huge), "a stored value ends early");
  CHECK(decoded<bool>("\x7f") == true);  // a bool that is neither 0 nor 1 would be undefined behaviour
  CHECK(decoded<std::vector<bool>>(std::string("\x02\0\0\0\x05\0", 6)) == std::vector<bool>{true, false});
  const std::string good = encoded(full());
  for (std::size_t i = 0; i < good.size(); ++i)
    for (int change : {1, 0x80, 0xff}) {
      std::string bad = good;
      bad[i] = static_cast<char>(bad[i] ^ change);
      try {
        flowrun::type_of<everything>().decode(bad);
      } catch (const std::runtime_error&) {}
    }
}

namespace {
struct as_written {
  int a = 0;
  float b = 0;
  static void fields(flowrun::fields<as_written>& f) { f.field("a", &as_written::a, "px").field("b", &as_written::b); }
};
struct other_docs {
  int a = 0;
  float b = 0;
  static void fields(flowrun::fields<other_docs>& f) {
    f.field("a", &other_docs::a).field("b", &other_docs::b, "0..1");
  }
};
struct renamed {
  int a = 0;
  float c = 0;
  static void fields(flowrun::fields<renamed>& f) { f.field("a", &renamed::a).field("c", &renamed::c); }
};
struct swapped {
  int a = 0;
  float b = 0;
  static void fields(flowrun::fields<swapped>& f) { f.field("b", &swapped::b).field("a", &swapped::a); }
};
struct widened {
  int a = 0;
  double b = 0;
  static void fields(flowrun::fields<widened>& f) { f.field("a", &widened::a).field("b", &widened::b); }
};
struct shortened {
  int a = 0;
  static void fields(flowrun::fields<shortened>& f) { f.field("a", &shortened::a); }
};
}  // namespace

TEST_CASE("the schema is data, and its hash tells layouts apart") {
  const flowrun::schema s = flowrun::codec<everything>::describe();
  CHECK(s.kind == flowrun::value_kind::object);
  REQUIRE(s.children.size() == 23);
  CHECK(s.children[0].name == "rank");
  CHECK(s.children[0].kind == flowrun::value_kind::int16);
  const flowrun::schema& boxes = s.children[15];
  CHECK(boxes.name == "boxes");
  CHECK(boxes.kind == flowrun::value_kind::list);
  REQUIRE(boxes.children.size() == 1);
  REQUIRE(boxes.children[0].children.size() == 4);
  CHECK(boxes.children[0].children[1].doc == "px");
  CHECK(s.children[17].count == 4);

  CHECK(hash_of<as_written>() == hash_of<other_docs>());
  for (std::uint64_t other : {hash_of<renamed>(), hash_of<swapped>(), hash_of<widened>(), hash_of<shortened>()})
    CHECK(hash_of<as_written>() != other);
  CHECK(hash_of<std::array<int, 3>>() != hash_of<std::array<int, 4>>());
  CHECK(hash_of<std::vector<int>>() != hash_of<std::optional<int>>());
  CHECK(hash_of<std::int32_t>() != hash_of<std::uint32_t>());
  CHECK(hash_of<std::vector<std::vector<int>>>() != hash_of<std::vector<int>>());
  // Stored in databases and sidecars: these numbers never change.
  CHECK(hash_of<int>() == 7316912532257862388u);
  CHECK(hash_of<box>() == 17468414086464394374u);
  CHECK(flowrun::kind_name(flowrun::value_kind::boolean) == std::string("bool"));
  CHECK(flowrun::kind_name(flowrun::value_kind::object) == std::string("object"));
}

TEST_CASE("port types are known by name, size and fields") {
  CHECK(flowrun::port_name<int>() == "int32");
  CHECK(flowrun::port_name<std::string>() == "text");
  CHECK(flowrun::port_name<flowrun::image>() == "flowrun.image/1");
  CHECK(flowrun::port_name<std::vector<std::vector<everything>>>() == "test.everything/1[][]");
  const auto& e = flowrun::type_of<everything>();
  CHECK(e.name == "test.everything/1");
  CHECK(e.size == sizeof(everything));
  CHECK(e.fields_hash == hash_of<everything>());
  CHECK(&e == &flowrun::type_of<everything>());
  const auto& i = flowrun::type_of<flowrun::image>();
  CHECK(i.fields_hash == 0);
  CHECK(!static_cast<bool>(i.encode));
  CHECK(!static_cast<bool>(i.decode));
  CHECK(i.fields.kind == flowrun::value_kind::none);
}

TEST_CASE("payload bytes count what hangs on a value") {
  using flowrun::detail::payload_bytes;
  CHECK(payload_bytes(7) == sizeof(int));
  CHECK(payload_bytes(box{}) == sizeof(box));
  std::string text(1000, 'x');
  CHECK(payload_bytes(text) == sizeof text + text.capacity());
  std::vector<float> floats(500);
  CHECK(payload_bytes(floats) == sizeof floats + floats.capacity() * sizeof(float));
  everything e;
  const std::size_t empty = payload_bytes(e);
  e.boxes.resize(100);
  CHECK(payload_bytes(e) == empty + 100 * sizeof(box));
  flowrun::image_buffer b(10, 20, 3);
  const flowrun::image i = std::move(b).freeze();
  CHECK(payload_bytes(i) == 600);
  CHECK(payload_bytes(std::vector<flowrun::image>{i, i}) == sizeof(std::vector<flowrun::image>) + 1200);
}
