// A payload type names its fields once; codec, JSON, CSV columns, docs and the port type's identity follow from it:
//
//   struct boxes {
//     static constexpr auto port = "mine.boxes/1";
//     std::vector<std::array<float, 4>> xywh;
//     static void fields(flowrun::fields<boxes>& f) { f.field("xywh", &boxes::xywh, "px; x, y, width, height"); }
//   };
#pragma once
#include <concepts>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "schema.hpp"

namespace flowrun {

template <class T> struct codec;
template <class T> class fields;

template <class T>
concept has_fields = requires(fields<T>& f) {
  T::fields(f);
};

template <class T> class fields {
 public:
  // `doc` says unit, range and source ("0..1, share of pixels below 5"); it reaches the docs and `plugins inspect`.
  template <class C, class M>
  requires std::derived_from<T, C> fields& field(const char* name, M C::*member, const char* doc = "") {
    entry e;
    e.described = codec<M>::describe();
    e.described.name = name;
    e.described.doc = doc;
    M T::*mine = member;
    static_assert(sizeof mine <= sizeof e.member);
    std::memcpy(e.member, &mine, sizeof mine);
    e.encode = [](const unsigned char* m, const T& v, std::string& out) { codec<M>::encode(v.*at<M>(m), out); };
    e.decode = [](const unsigned char* m, T& v, std::string_view& in) { codec<M>::decode(v.*at<M>(m), in); };
    e.heap_bytes = [](const unsigned char* m, const T& v) { return codec<M>::heap_bytes(v.*at<M>(m)); };
    entries_.push_back(std::move(e));
    return *this;
  }

  static const fields& of() {
    static const fields all = [] {
      fields f;
      T::fields(f);
      return f;
    }();
    return all;
  }

  schema describe() const {
    schema s;
    s.kind = value_kind::object;
    for (const entry& e : entries_) s.children.push_back(e.described);
    return s;
  }
  void encode(const T& v, std::string& out) const {
    for (const entry& e : entries_) e.encode(e.member, v, out);
  }
  void decode(T& v, std::string_view& in) const {
    for (const entry& e : entries_) e.decode(e.member, v, in);
  }
  std::size_t heap_bytes(const T& v) const {
    std::size_t n = 0;
    for (const entry& e : entries_) n += e.heap_bytes(e.member, v);
    return n;
  }

 private:
  struct entry {
    schema described;
    alignas(8) unsigned char member[8] = {};
    void (*encode)(const unsigned char*, const T&, std::string&) = nullptr;
    void (*decode)(const unsigned char*, T&, std::string_view&) = nullptr;
    std::size_t (*heap_bytes)(const unsigned char*, const T&) = nullptr;
  };
  template <class M> static M T::*at(const unsigned char* raw) {
    M T::*m = nullptr;
    std::memcpy(&m, raw, sizeof m);
    return m;
  }
  std::vector<entry> entries_;
};

}  // namespace flowrun
