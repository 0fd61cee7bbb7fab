// Stages for tests of exports: what they find in a picture follows from its first byte, as the tests know.
#include <array>
#include <flowrun/plugin.hpp>
#include <string>
#include <vector>

namespace found {

struct face {
  float x = 0, y = 0, w = 0, h = 0, score = 0;
  std::array<float, 10> landmarks{};
  static void fields(flowrun::fields<face>& f) {
    f.field("x", &face::x, "px").field("y", &face::y, "px").field("w", &face::w, "px").field("h", &face::h, "px");
    f.field("score", &face::score, "0..1").field("landmarks", &face::landmarks, "px");
  }
};
struct face_list {
  static constexpr auto port = "found.faces/1";
  int width = 0, height = 0;
  std::vector<face> list;
  static void fields(flowrun::fields<face_list>& f) {
    f.field("width", &face_list::width, "px").field("height", &face_list::height, "px");
    f.field("list", &face_list::list, "as many as the first byte says, at most 9");
  }
};

struct face_vector {
  std::vector<float> vector;
  float quality = 0;
  static void fields(flowrun::fields<face_vector>& f) {
    f.field("vector", &face_vector::vector, "empty: of every third there is none")
        .field("quality", &face_vector::quality);
  }
};
struct face_vectors {
  static constexpr auto port = "found.vectors/1";
  std::vector<face_vector> list;
  static void fields(flowrun::fields<face_vectors>& f) { f.field("list", &face_vectors::list); }
};

struct membership {
  std::int32_t identity = -1;
  static void fields(flowrun::fields<membership>& f) { f.field("identity", &membership::identity); }
};
struct identities {
  static constexpr auto port = "found.identities/1";
  std::vector<membership> list;
  static void fields(flowrun::fields<identities>& f) { f.field("list", &identities::list); }
};

struct thing {
  double x = 0, y = 0, w = 0, h = 0;
  std::string label;
  std::vector<std::uint8_t> jpeg;
  static void fields(flowrun::fields<thing>& f) {
    f.field("x", &thing::x, "px").field("y", &thing::y, "px").field("w", &thing::w, "px").field("h", &thing::h, "px");
    f.field("label", &thing::label, "what it is").field("jpeg", &thing::jpeg, "bytes");
  }
};
struct thing_list {
  static constexpr auto port = "found.things/1";
  int width = 0, height = 0;
  std::vector<thing> list;
  static void fields(flowrun::fields<thing_list>& f) {
    f.field("width", &thing_list::width, "px").field("height", &thing_list::height, "px");
    f.field("list", &thing_list::list);
  }
};

struct find_faces {
  static constexpr auto name = "faces";

  static void describe(flowrun::description<find_faces>& d) {
    d.doc("As many faces as a picture's first byte says.");
    d.run(&find_faces::run, {"image"}, {"faces"});
  }
  face_list run(const flowrun::image& in) const {
    face_list out{in.width, in.height, {}};
    for (int i = 0; i < in.row(0)[0] % 10; ++i) {
      const float at = static_cast<float>(i) + 0.3f;
      face f{at, 1.1f * at, 2.2f + at, 3.7f, 1.0f / (1.5f + at), {}};
      for (std::size_t k = 0; k < f.landmarks.size(); ++k) f.landmarks[k] = at + 0.1f * static_cast<float>(k);
      out.list.push_back(f);
    }
    return out;
  }
};

struct find_vectors {
  static constexpr auto name = "vectors";

  static void describe(flowrun::description<find_vectors>& d) {
    d.doc("A vector for each face, but for every third.");
    d.run(&find_vectors::run, {"faces"}, {"vectors"});
  }
  face_vectors run(const face_list& in) const {
    face_vectors out;
    for (std::size_t i = 0; i < in.list.size(); ++i) {
      face_vector v;
      v.quality = in.list[i].score;
      if (i % 3 != 2) v.vector = {in.list[i].x, in.list[i].y, -1.5f};
      out.list.push_back(v);
    }
    return out;
  }
};

struct who {
  static constexpr auto name = "who";

  static void describe(flowrun::description<who>& d) {
    d.doc("Every picture's first face is identity 0, its second one 1; the others are nobody.");
    d.gather(&who::run, {"faces"}, {"identities"});
  }
  flowrun::rows<identities> run(const flowrun::table<face_list>& in) const {
    flowrun::rows<identities> out;
    for (std::size_t i = 0; i < in.size(); ++i) {
      identities of_item;
      for (std::size_t k = 0; k < in[i].list.size(); ++k)
        of_item.list.push_back({k < 2 ? static_cast<std::int32_t>(k) : -1});
      out.values.push_back(of_item);
    }
    return out;
  }
};

struct find_things {
  static constexpr auto name = "things";

  static void describe(flowrun::description<find_things>& d) {
    d.doc("A cup, half of it outside of the picture, and something outside.");
    d.run(&find_things::run, {"image"}, {"things"});
  }
  thing_list run(const flowrun::image& in) const {
    return {in.width, in.height, {{-1, 1, 2, 3, "cup", {0xff, 0xd8}}, {-9, -9, 2, 2, "hat, \"red\"", {}}}};
  }
};

}  // namespace found

FLOWRUN_PLUGIN("found", "1.0.0", found::find_faces, found::find_vectors, found::who, found::find_things)
