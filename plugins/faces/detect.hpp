// faces.detect: where the faces of a picture are, by CenterFace.
#pragma once
#include <flowrun/plugin.hpp>

#include "center_face.hpp"

namespace faces {

struct detect {
  static constexpr auto name = "detect";
  double threshold = 0.5;
  double min_size = 24;
  double overlap = 0.3;
  int max_faces = 1000;

  static void describe(flowrun::description<detect>& d);
  void start(const flowrun::model_calls& calls);
  flowrun::placement prepare(const flowrun::image& in, std::size_t, flowrun::row& row) const { return row.put(in); }
  std::tuple<face_list, flowrun::boxes> finish(const flowrun::image& in, std::span<const flowrun::placement> at,
                                               const flowrun::result_rows& rows) const;

 private:
  map_layout layout_;
};

}  // namespace faces
