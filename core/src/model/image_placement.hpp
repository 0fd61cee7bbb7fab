// The geometry of a `preprocess`: what of an image is scaled to which size, and where that lies in a network's input.
#pragma once
#include <flowrun/rows.hpp>

namespace flowrun::core {

// In pixels of the input, which starts at 0.
struct image_area {
  std::int64_t left = 0, top = 0, width = 0, height = 0;
};

struct image_placement {
  rect from;           // of the image
  image_area content;  // what `from` becomes; may reach beyond the input
  image_area canvas;   // the content with a letterbox's fill around it; beside the canvas everything is 0
};

// Throws std::invalid_argument when the part is empty or far off, or when what it becomes is not of the input's size;
// `input` is the input's name in the sentence.
image_placement place_image(const preprocess_spec& spec, int input_width, int input_height, const image& from,
                            const rect& part, const std::string& input);

std::string size_in_pixels(double width, double height);  // "640 x 480 px"

}  // namespace flowrun::core
