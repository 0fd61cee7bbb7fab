// The yardstick: the analysis of plugins/lighting in a plain loop of one thread, without flowrun's runtime.
//
//   bare_lighting FOLDER [PART PARTS [VALUES]]
//
// Takes every PARTS-th .jpg below FOLDER, from the PART-th on (0-based), in the order of their paths. Prints JSON:
// items, failed, seconds, items_per_second, compiler, opencv. With VALUES, writes one JSON line per photo there.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <opencv2/imgcodecs.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "bare_loop.hpp"
#include "measure.hpp"

namespace {

std::vector<std::filesystem::path> find_photos(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> found;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
    if (entry.path().extension() == ".jpg") found.push_back(entry.path());
  std::sort(found.begin(), found.end());
  return found;
}

// Empty where the file cannot be read or is no picture. IMREAD_COLOR gives 8-bit BGR and applies EXIF orientation.
cv::Mat read_photo(const std::filesystem::path& path, std::vector<char>& bytes) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  const std::streamoff size = file ? static_cast<std::streamoff>(file.tellg()) : -1;
  if (size <= 0) return {};
  bytes.resize(static_cast<std::size_t>(size));
  file.seekg(0).read(bytes.data(), size);
  if (!file) return {};
  return cv::imdecode(cv::Mat(1, static_cast<int>(size), CV_8UC1, bytes.data()), cv::IMREAD_COLOR);
}

std::string number(double v) {
  char text[32];
  std::snprintf(text, sizeof text, "%.17g", v);
  return text;
}
std::string number(const std::optional<double>& v) {
  return v ? number(*v) : "null";
}

std::string to_json(const std::string& item, const lighting::light& l) {
  std::string line = "{\"item\": \"" + item + "\", \"brightness\": " + number(l.brightness) +
                     ", \"contrast\": " + number(l.contrast) + ", \"p5\": " + std::to_string(l.p5) +
                     ", \"p50\": " + std::to_string(l.p50) + ", \"p95\": " + std::to_string(l.p95) +
                     ", \"shadows\": " + number(l.shadows) + ", \"highlights\": " + number(l.highlights) +
                     ", \"key_direction\": " + number(l.key_direction) +
                     ", \"key_strength\": " + number(l.key_strength) + ", \"temperature\": " + number(l.temperature) +
                     ", \"tint\": " + number(l.tint) + ", \"histogram\": [";
  for (std::size_t i = 0; i < l.histogram.size(); ++i) line += (i ? ", " : "") + number(double{l.histogram[i]});
  return line + "]}\n";
}

int run(const std::filesystem::path& folder, std::size_t part, std::size_t parts, const char* values_path) {
  const bare::stopwatch watch;
  const std::vector<std::filesystem::path> photos = find_photos(folder);
  lighting::measure_scratch scratch;
  std::vector<char> bytes;
  std::vector<lighting::light> values;
  std::vector<std::string> items;
  std::size_t failed = 0;
  for (std::size_t i = part; i < photos.size(); i += parts) {
    const cv::Mat photo = read_photo(photos[i], bytes);
    if (photo.empty()) {
      ++failed;
      continue;
    }
    values.push_back(lighting::measure(photo, {}, scratch));
    items.push_back(photos[i].lexically_relative(folder).string());
  }
  const double seconds = watch.seconds();
  if (values_path) {
    std::ofstream out(values_path);
    for (std::size_t i = 0; i < values.size(); ++i) out << to_json(items[i], values[i]);
    if (!out.flush()) throw std::runtime_error(std::string(values_path) + ": cannot be written");
  }
  std::printf(
      "{\"items\": %zu, \"failed\": %zu, \"seconds\": %.6f, \"items_per_second\": %.3f, \"compiler\": \"%s\", "
      "\"opencv\": \"%s\"}\n",
      values.size(), failed, seconds, static_cast<double>(values.size()) / seconds, bare::compiler,
      cv::getVersionString().c_str());
  return failed == 0 ? 0 : 3;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2 && argc != 4 && argc != 5) {
    std::fprintf(stderr, "usage: bare_lighting FOLDER [PART PARTS [VALUES]]\n");
    return 64;
  }
  const std::size_t part = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 0;
  const std::size_t parts = argc > 2 ? std::strtoul(argv[3], nullptr, 10) : 1;
  if (parts == 0 || part >= parts) {
    std::fprintf(stderr, "bare_lighting: PART is 0 .. PARTS - 1\n");
    return 64;
  }
  try {
    return run(argv[1], part, parts, argc > 4 ? argv[4] : nullptr);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "bare_lighting: %s\n", e.what());
    return 70;
  }
}
