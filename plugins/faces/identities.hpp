// Whose faces they are, as faces.cluster says.
#pragma once
#include <cstdint>
#include <flowrun/codec.hpp>
#include <vector>

namespace faces {

inline constexpr std::int32_t nobody = -1;

struct membership {
  std::int32_t identity = nobody;
  float probability = 0, outlier_score = 0;

  static void fields(flowrun::fields<membership>& f) {
    f.field("identity", &membership::identity,
            "0 and up, the same in later runs; -1: nobody who was seen often enough");
    f.field("probability", &membership::probability, "0..1; how firmly the face belongs to the identity; 0: to none");
    f.field("outlier_score", &membership::outlier_score, "0..1; GLOSH: high where the face lies apart from all others");
  }
};

struct identities {
  static constexpr auto port = "faces.identities/1";
  std::vector<membership> list;
  std::int32_t next_identity = 0;

  static void fields(flowrun::fields<identities>& f) {
    f.field("list", &identities::list, "in the order of the item's faces");
    f.field("next_identity", &identities::next_identity, "of the whole run: identities from here up were never given");
  }
};

}  // namespace faces
