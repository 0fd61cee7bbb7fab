// Where the labels of a picture lie, beside the picture.
#pragma once
#include <string>

#include "exported_items.hpp"

namespace flowrun::core {

// Relative to the folder of the labels: "sub/a.txt" of "sub/a.jpg", "clip_000123.txt" of the frame "clip.mp4#000123".
// Never outside of that folder, whatever the key is.
std::string label_path(const exported_item& item);

}  // namespace flowrun::core
