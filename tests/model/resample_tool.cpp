// Resizes one raw image from stdin to stdout, for pillow_parity.py:
//   resample_tool FILTER CHANNELS WIDTH HEIGHT X0 Y0 X1 Y1 NEW_WIDTH NEW_HEIGHT LEFT TOP COLUMNS ROWS
// X0 .. Y1: what is resized; LEFT .. ROWS: the part of the result that is written.
#include <iostream>
#include <iterator>
#include <string>

#include "model/resample.hpp"

namespace {

using namespace flowrun;

resize_filter filter_of(const std::string& name) {
  const char* names[] = {"nearest", "box", "bilinear", "bicubic", "lanczos"};
  for (int i = 0; i < 5; ++i)
    if (name == names[i]) return static_cast<resize_filter>(i);
  throw std::invalid_argument("no filter is called '" + name + "'");
}

image read_image(int channels, int width, int height) {
  const std::string raw{std::istreambuf_iterator<char>(std::cin), {}};
  image_buffer pixels(width, height, channels);
  const auto row = static_cast<std::size_t>(width) * static_cast<std::size_t>(channels);
  if (raw.size() != row * static_cast<std::size_t>(height))
    throw std::invalid_argument("stdin has " + std::to_string(raw.size()) + " bytes, which is not the image's size");
  for (int y = 0; y < height; ++y) std::memcpy(pixels.row(y), raw.data() + static_cast<std::size_t>(y) * row, row);
  return std::move(pixels).freeze();
}

void run(const std::vector<std::string>& arg) {
  if (arg.size() != 14) throw std::invalid_argument("14 arguments are needed, there are " + std::to_string(arg.size()));
  const auto whole = [&](std::size_t i) { return std::stoi(arg[i]); };
  const auto number = [&](std::size_t i) { return std::stod(arg[i]); };
  const image from = read_image(whole(1), whole(2), whole(3));
  core::resize_request want;
  want.filter = filter_of(arg[0]);
  want.from = {number(4), number(5), number(6) - number(4), number(7) - number(5)};
  want.width = whole(8);
  want.height = whole(9);
  want.left = whole(10);
  want.top = whole(11);
  want.columns = whole(12);
  want.rows = whole(13);
  core::resampler sampler;
  const core::resized_pixels result = sampler.resize(from, want);
  for (int y = 0; y < want.rows; ++y)
    std::cout.write(reinterpret_cast<const char*>(result.row(y)), std::streamsize{want.columns} * result.channels);
  std::cout.flush();
}

}  // namespace

int main(int argc, char** argv) {
  std::ios::sync_with_stdio(false);
  try {
    run({argv + 1, argv + argc});
    return 0;
  } catch (const std::exception& e) {
    std::cerr << "resample_tool: " << e.what() << '\n';
    return 1;
  }
}
