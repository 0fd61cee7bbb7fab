// raw.frames: pictures without a codec, for machines on which nothing but flowrun is to be carried.
#include <flowrun/plugin.hpp>
#include <fstream>

namespace raw {

struct frames {
  static constexpr auto name = "frames";
  std::string path;
  int width = 768, height = 576;
  std::int64_t count = 10000;

  static void describe(flowrun::description<frames>& d) {
    d.doc("Frames of a file of BGR bytes, one after the other, from the beginning again where there are too few.");
    d.param("path", &frames::path, "such as ffmpeg -pix_fmt bgr24 -f rawvideo writes");
    d.param("width", &frames::width, "of a frame").unit("px").range(1, 1 << 15);
    d.param("height", &frames::height, "of a frame").unit("px").range(1, 1 << 15);
    d.param("count", &frames::count, "items").range(1, 1e9);
    d.source(&frames::next, &frames::load, {"image"});
  }

  void open(const flowrun::stage_context&) {
    std::ifstream file(path, std::ios::binary | std::ios::ate);
    held_ = file ? static_cast<std::int64_t>(file.tellg()) / frame_bytes() : 0;
    if (held_ == 0) throw flowrun::input_error(path + " holds no frame of " + std::to_string(frame_bytes()) + " bytes");
  }

  bool next(flowrun::item_ref& r) {
    if (at_ == count) return false;
    r.key = std::to_string(at_++);
    r.bytes = static_cast<std::uint64_t>(frame_bytes());
    return true;
  }

  flowrun::image load(const flowrun::item_ref& r) const {
    flowrun::image_buffer picture(width, height, 3);
    std::ifstream file(path, std::ios::binary);
    file.seekg(std::stoll(r.key) % held_ * frame_bytes());
    if (!file.read(reinterpret_cast<char*>(picture.row(0)), frame_bytes()))
      throw std::runtime_error(path + " cannot be read");
    return std::move(picture).freeze();
  }

 private:
  std::int64_t frame_bytes() const { return std::int64_t{3} * width * height; }
  std::int64_t held_ = 0, at_ = 0;
};

}  // namespace raw

FLOWRUN_PLUGIN("raw", "0.1.0", raw::frames)
