// What the reader of model files refuses with a place in the file is refused here for models made in code.
#include "row_shape.hpp"

#include <flowrun/row_shapes.hpp>
#include <limits>
#include <stdexcept>

namespace flowrun::core {
namespace {

const char* order_name(channel_order o) {
  return o == channel_order::rgb ? "rgb" : o == channel_order::bgr ? "bgr" : "gray";
}

bool plain_values(const preprocess_spec& spec) {
  for (int c = 0; c < 3; ++c)
    if (spec.mean[static_cast<std::size_t>(c)] != 0 || spec.std[static_cast<std::size_t>(c)] != 1) return false;
  return spec.scale == 1;
}

int side(const dimension& d, const std::string& is) {
  if (d.high < 1 || d.high > std::numeric_limits<int>::max())
    throw std::invalid_argument(is + ", whose sides are no size of an image");
  return static_cast<int>(d.high);
}

}  // namespace

row_shape read_row_shape(const model_file& model, const model_port& input, const preprocess_spec& spec) {
  const std::string where = (model.file.empty() ? "model '" + model.name + "'" : model.file) + ": input '" + input.name;
  const std::string is = where + "' has the shape " + detail::shape_text(detail::largest_shape(input));
  if (input.type != dtype::float32 && input.type != dtype::uint8)
    throw std::invalid_argument(where + "' is " + dtype_name(input.type) + "; an image becomes float32 or uint8");
  if (input.type == dtype::uint8 && !plain_values(spec))
    throw std::invalid_argument(where + "' is uint8, which holds pixels as they are: scale 1, mean 0, std 1");

  const bool hwc = spec.layout == row_layout_order::hwc, gray = spec.order == channel_order::gray;
  if (input.shape.size() == 2) return {side(input.shape[1], is), side(input.shape[0], is), 1, hwc};
  if (input.shape.size() != 3)
    throw std::invalid_argument(is + "; an image becomes [channels, height, width], [height, width, channels] or " +
                                "[height, width]");
  const std::size_t first = hwc ? 0 : 1;
  const row_shape shape{side(input.shape[first + 1], is), side(input.shape[first], is),
                        side(input.shape[hwc ? 2 : 0], is), hwc};
  if (shape.channels != 3 && !(gray && shape.channels == 1))
    throw std::invalid_argument(is + ", in layout " + (hwc ? "hwc" : "chw") + " that is " +
                                std::to_string(shape.channels) + (shape.channels == 1 ? " channel" : " channels") +
                                "; order " + order_name(spec.order) + " has " + (gray ? "1, or 3 alike" : "3"));
  return shape;
}

}  // namespace flowrun::core
