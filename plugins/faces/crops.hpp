// Small pictures of faces, as faces.crop cuts them out.
#pragma once
#include <cstdint>
#include <flowrun/codec.hpp>
#include <vector>

namespace faces {

struct crop {
  std::vector<std::uint8_t> jpeg;

  static void fields(flowrun::fields<crop>& f) { f.field("jpeg", &crop::jpeg, "bytes of a JPEG file"); }
};

struct crops {
  static constexpr auto port = "faces.crops/1";
  std::vector<crop> list;

  static void fields(flowrun::fields<crops>& f) { f.field("list", &crops::list, "in the order of the faces"); }
};

}  // namespace faces
