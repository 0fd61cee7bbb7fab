// What an answer is found by, and what of it is there.
#include <doctest/doctest.h>

#include <flowrun/lambda_stage.hpp>
#include <flowrun/testing.hpp>

#include "cache/answer_cache.hpp"

using namespace flowrun;
using flowrun::core::answer_cache;
using flowrun::core::answer_files;
using flowrun::core::content_hash;
using flowrun::testing::temporary_folder;

namespace {

struct glyph {
  static constexpr auto port = "test.glyph/1";
  char letter = 0;
  int* asked = nullptr;  // times its content was asked for
  [[maybe_unused]] friend std::size_t bytes(const glyph&) { return sizeof(glyph); }
  friend void content(const glyph& g, const byte_sink& sink) {
    ++*g.asked;
    sink(&g.letter, 1);
  }
};

// Two texts to their joined text and its length.
const in_process_stage join = make_stage(
    "join",
    [](const std::string& a, const std::string& b) { return std::tuple(a + b, static_cast<int>(a.size() + b.size())); },
    {"a", "b"}, {"text", "length"});
const in_process_stage named = make_stage(
    "named", [](const std::string& a, const item_info& item) { return a + std::string(item.key); }, {"a"}, {"text"});

const item_info first{"a.jpg", "photos", "", 0, 0};

answer_cache cache_of(const temporary_folder& t, const in_process_stage& stage, std::vector<bool> needed,
                      const std::string& alone = "stage") {
  return answer_cache(answer_files(t.path(), 1 << 20), alone, stage.info, std::move(needed));
}

std::string key_of(const answer_cache& cache, const std::string& a, const std::string& b) {
  const void* in[] = {&a, &b};
  return cache.key_of(in, first);
}

template <class T> payload hold(T value) {
  return {std::make_shared<const T>(std::move(value)), sizeof(T)};
}

}  // namespace

TEST_CASE("the same content has the same key, wherever it is; other content, and another stage, have another") {
  temporary_folder t;
  const answer_cache cache = cache_of(t, join, {true, true});
  const std::string key = key_of(cache, "ab", "c");
  CHECK(key.size() == 16);
  CHECK(key_of(cache, "ab", "c") == key);
  CHECK(key_of(cache, "a", "bc") != key);
  CHECK(key_of(cache, "c", "ab") != key);
  CHECK(key_of(cache_of(t, join, {true, true}, "stage 2"), "ab", "c") != key);
  const std::string ab = "ab";
  const void* without[] = {&ab, nullptr};
  CHECK(cache.key_of(without, first) != key_of(cache, "ab", ""));
  in_process_stage other = join;
  other.info.outputs[1].type = &type_of<double>();
  CHECK(key_of(cache_of(t, other, {true, true}), "ab", "c") != key);
}

TEST_CASE("which item it is belongs to the key of a function that looks at it, and of no other") {
  temporary_folder t;
  item_info second = first;
  const std::string name = "b.jpg";
  second.key = name;
  const std::string a = "a";
  const void* in[] = {&a, &a};
  const answer_cache looks = cache_of(t, named, {true}), looks_not = cache_of(t, join, {true, true});
  CHECK(looks.key_of(in, first) == looks.key_of(in, first));
  CHECK(looks.key_of(in, first) != looks.key_of(in, second));
  CHECK(looks_not.key_of(in, first) == looks_not.key_of(in, second));
}

TEST_CASE("the content of a value of two pairs is asked for once") {
  temporary_folder t;
  in_process_stage pairs;
  pairs.info.shape = stage_shape::window;
  pairs.info.inputs = {{"glyph", &type_of<glyph>(), false}};
  const answer_cache cache = cache_of(t, pairs, {});
  int asked = 0;
  const glyph glyphs[] = {{'a', &asked}, {'b', &asked}, {'a', &asked}};
  const void* ab[] = {&glyphs[0], &glyphs[1]};
  const void* ba[] = {&glyphs[1], &glyphs[2]};
  content_hash hashes[3];
  content_hash* const of_ab[] = {&hashes[0], &hashes[1]};
  content_hash* const of_ba[] = {&hashes[1], &hashes[2]};
  const std::string first_pair = cache.key_of(ab, first, of_ab), second_pair = cache.key_of(ba, first, of_ba);
  CHECK(asked == 3);
  CHECK(first_pair != second_pair);
  CHECK(cache.key_of(ab, first) == first_pair);
  CHECK(asked == 5);
}

TEST_CASE("values and skips come back; what is not needed is not stored, and is missed where it is needed") {
  temporary_folder t;
  answer_cache both = cache_of(t, join, {true, true}), text_only = cache_of(t, join, {true, false});
  payload out[2] = {hold(std::string("abc")), hold(3)}, found[2];
  std::string reason;
  CHECK(both.find("key", found, reason) == status::none);
  text_only.put("key", status::value, out, "");
  CHECK(both.find("key", found, reason) == status::none);
  CHECK_FALSE(found[0].value);
  REQUIRE(text_only.find("key", found, reason) == status::value);
  CHECK(*static_cast<const std::string*>(found[0].value.get()) == "abc");
  CHECK_FALSE(found[1].value);
  both.put("key", status::value, out, "");
  REQUIRE(both.find("key", found, reason) == status::value);
  CHECK(*static_cast<const int*>(found[1].value.get()) == 3);
  CHECK(found[1].bytes == sizeof(int));
  REQUIRE(text_only.find("key", found, reason) == status::value);
  both.put("key", status::skip, nullptr, "too short");
  CHECK(both.find("key", found, reason) == status::skip);
  CHECK(reason == "too short");
}

TEST_CASE("what is no answer of this stage is not there") {
  temporary_folder t;
  answer_files files(t.path(), 1 << 20);
  answer_cache cache = cache_of(t, join, {true, true});
  answer_cache shorter = cache_of(t, named, {true});
  payload out[2] = {hold(std::string("abc")), hold(3)}, found[2];
  std::string reason;
  files.write("key", "not an answer");
  CHECK(cache.find("key", found, reason) == status::none);
  shorter.put("key", status::value, out, "");
  CHECK(cache.find("key", found, reason) == status::none);
  CHECK_FALSE(found[0].value);
}
