// A contact sheet: faces in rows, each with its item's name below it.
#pragma once
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "crops.hpp"

namespace faces {

struct sheet_face {
  const std::string* key = nullptr;  // of its item
  float probability = 0;
  const crop* picture = nullptr;  // null: there is none
};

// The faces have pictures; each is drawn into a square of `size` px. Throws std::runtime_error for one that is no JPEG.
cv::Mat draw_sheet(const std::string& title, const std::vector<sheet_face>& faces, int size);

}  // namespace faces
