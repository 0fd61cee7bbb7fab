// faces.embed: each face of a picture as a vector.
#pragma once
#include <flowrun/plugin.hpp>

#include "face_template.hpp"
#include "face_vectors.hpp"
#include "quality.hpp"

namespace faces {

struct embed {
  static constexpr auto name = "embed";
  double min_quality = 0;
  std::string norm = "none", output;

  static void describe(flowrun::description<embed>& d);
  void start(const flowrun::model_calls& calls);
  std::size_t rows(const flowrun::image&, const face_list& found) const { return found.list.size(); }
  face_quality prepare(const flowrun::image& picture, const face_list& found, std::size_t i, flowrun::row& row) const;
  face_vectors finish(const flowrun::image&, const face_list&, std::span<const face_quality> qualities,
                      const flowrun::result_rows& rows) const;

 private:
  face_template template_;
  std::size_t output_ = 0;
};

}  // namespace faces
