#include "face_template.hpp"

#include <charconv>
#include <cmath>
#include <flowrun/packet.hpp>
#include <string_view>

namespace faces {

namespace {

constexpr auto constant = "landmarks";
constexpr std::string_view blanks = " \t\n\r,";

[[noreturn]] void refuse(const flowrun::model_file& model, const std::string& what) {
  throw flowrun::input_error(
      "the model '" + model.name + "'" + (model.file.empty() ? "" : " (" + model.file + ")") + " has " + what +
      "; write where a face's landmarks lie in its input, in px: constants: {landmarks: \"x y x y x y x y x y\"}, of "
      "the left eye, the right eye, the nose, the left and the right corner of the mouth");
}

const std::string& find_text(const flowrun::model_file& model) {
  const auto found = model.constants.find(constant);
  if (found == model.constants.end()) refuse(model, "no constant 'landmarks'");
  const auto* text = std::get_if<std::string>(&found->second);
  if (!text) refuse(model, "the constant 'landmarks', but as a single value");
  return *text;
}

std::vector<double> read_numbers(const flowrun::model_file& model, std::string_view text) {
  std::vector<double> numbers;
  for (std::size_t at = text.find_first_not_of(blanks); at != text.npos; at = text.find_first_not_of(blanks, at)) {
    const std::string_view word = text.substr(at, text.find_first_of(blanks, at) - at);
    double number = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
    if (error != std::errc() || end != word.data() + word.size() || !std::isfinite(number))
      refuse(model, "the constant 'landmarks' with '" + std::string(word) + "', which is no finite number");
    numbers.push_back(number);
    at += word.size();
  }
  return numbers;
}

// The input is an image's, with its height and width side by side and the channels before or behind them, or neither.
void read_size(const flowrun::model_file& model, face_template& t) {
  const flowrun::model_port& input = model.inputs.at(0);
  const auto how = model.preprocess.find(input.name);
  const bool channels_last = how != model.preprocess.end() && how->second.layout == flowrun::row_layout_order::hwc;
  const std::size_t height = input.shape.size() == 3 && !channels_last ? 1 : 0;
  if (input.shape.size() < height + 2) refuse(model, "an input '" + input.name + "' that is no image");
  t.height = static_cast<int>(input.shape[height].high);
  t.width = static_cast<int>(input.shape[height + 1].high);
}

}  // namespace

face_template read_face_template(const flowrun::model_file& model) {
  const std::vector<double> numbers = read_numbers(model, find_text(model));
  if (numbers.size() != 2 * landmark_count)
    refuse(model, "the constant 'landmarks' with " + std::to_string(numbers.size()) + " numbers instead of 10");
  face_template t;
  read_size(model, t);
  bool differ = false;
  for (std::size_t i = 0; i < landmark_count; ++i) {
    const position p{numbers[2 * i], numbers[2 * i + 1]};
    if (p.x < 0 || p.y < 0 || p.x > t.width || p.y > t.height)
      refuse(model, "the constant 'landmarks' with a point outside of its input of " + std::to_string(t.width) + " x " +
                        std::to_string(t.height) + " px");
    t.landmarks[i] = p;
    differ = differ || p.x != t.landmarks[0].x || p.y != t.landmarks[0].y;
  }
  if (!differ) refuse(model, "the constant 'landmarks' with all of them in one point");
  return t;
}

}  // namespace faces
