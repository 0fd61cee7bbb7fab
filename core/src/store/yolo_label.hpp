// A box as a line of a YOLO label file.
#pragma once
#include <cstddef>
#include <string>

#include "box_value.hpp"

namespace flowrun::core {

// "CLASS CX CY W H\n": the box's part within the picture, its centre and size as shares of the picture's width and
// height, 6 decimals. Empty: nothing of it lies in the picture.
std::string write_yolo_line(std::size_t index, const found_box& box, const found_boxes& picture);

}  // namespace flowrun::core
