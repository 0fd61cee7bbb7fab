#include "write.hpp"

#include <flowrun/atomic_file.hpp>
#include <flowrun/opencv.hpp>
#include <opencv2/imgcodecs.hpp>

namespace image_write {

namespace {

// "jpg" of "a/b.JPEG"; empty for a name without an extension that names a format.
std::string format_named_by(const std::string& path) {
  std::size_t dot = path.rfind('.');
  std::string ext = dot == std::string::npos ? "" : path.substr(dot + 1);
  for (char& c : ext)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  if (ext == "jpeg") return "jpg";
  if (ext == "tif") return "tiff";
  for (const char* format : {"jpg", "png", "webp", "tiff", "bmp"})
    if (ext == format) return ext;
  return "";
}

}  // namespace

void write::describe(flowrun::description<write>& d) {
  d.doc(
      "Writes each image as a file below the run directory, in a folder named like the stage.\n\n"
      "A file is there whole or not at all: temporary file, fsync, rename, before the item's row in the database. "
      "Grey, "
      "BGR and BGRA are written as they are; JPEG and BMP lose alpha.\n\n"
      "Placeholders of `path`:\n\n"
      "- `{key}`: the item's key, `2024/a.jpg`\n"
      "- `{stem}`: the key without its extension, `2024/a`\n"
      "- `{ext}`: the extension\n"
      "- `{stream}`: the stream's path; empty for stills\n"
      "- `{seq}`, or `{seq:01}` to `{seq:09}`: the position in the stream, filled up with zeros\n\n"
      "`{key}`, `{stem}` or `{seq}` must be in it. `{seq}` counts the items that this run admitted or passed over; "
      "when "
      "pictures are added later it names others. `{key}` and `{stem}` stay. On the command line: "
      "`--set write.params.path='{stem}.png'`.\n\n"
      "What goes wrong:\n\n"
      "- A template with an unknown placeholder, or without `{key}`, `{stem}` and `{seq}`, ends the run before it "
      "begins (64).\n"
      "- A path that leaves the stage's folder is the item's error, also by a link.\n"
      "- Of two items that come to the same path in one run, the second one fails: `{stem}.jpg` is the same for "
      "`a.png` "
      "and `a.jpg`. Paths of earlier runs of the directory are not remembered: if `a.png` is added in a later run, it "
      "overwrites the file of `a.jpg`, and both are done. `{key}` without `format` keeps all items of one source "
      "apart, "
      "also over several runs.\n"
      "- A picture larger than the format takes (65500 px a side for JPEG, 16383 for WebP), and an empty one, are "
      "errors of the item.\n"
      "- A full or broken disk stops the run, resumable (74).");
  d.param("path", &write::path,
          "where in that folder; the placeholders {key}, {stem}, {ext}, {stream}, {seq} and {seq:06} stand for what "
          "the item is");
  d.param("format", &write::format,
          "auto: what the path's extension says; else it is added to a path that does not end in it")
      .one_of({"auto", "jpg", "png", "webp", "tiff", "bmp"});
  d.param("quality", &write::quality, "of jpg and webp; webp is lossless at 100").unit("percent").range(1, 100);
  d.run(&write::run, {"image"});
}

void write::open(const flowrun::stage_context& context) {
  template_.emplace(path);
  folder_ = output_folder(std::filesystem::path(context.out) / context.stage);
  owners_.clear();
}

void write::run(const flowrun::image& in, const flowrun::item_info& item) const {
  std::string relative = output_folder::inside(template_->fill(item));
  std::string named = format_named_by(relative), wanted = format == "auto" ? named : format;
  if (wanted.empty())
    throw std::runtime_error("its path '" + relative +
                             "' has no extension that names a format (jpg, png, webp, tiff, bmp); set format, or end "
                             "path in one");
  if (wanted != named) relative += "." + wanted;
  claim(relative, item);
  std::vector<std::uint8_t> encoded = encode(in, wanted);
  flowrun::write_file_atomically(folder_.place(relative), encoded.data(), encoded.size());
}

// The first item to come to a path owns it for the whole run, also after an error: it may be tried again.
void write::claim(const std::string& relative, const flowrun::item_info& item) const {
  std::lock_guard lock(mutex_);
  owner mine{std::string(item.source), std::string(item.stream), std::string(item.key), item.seq};
  const owner& first = owners_.try_emplace(relative, mine).first->second;
  if (first == mine) return;
  throw std::runtime_error("its path '" + relative + "' is also that of the item '" + first.key + "' (this one is '" +
                           mine.key + "'); make path differ, by {key} or {seq}");
}

std::vector<std::uint8_t> write::encode(const flowrun::image& in, const std::string& as) const {
  std::vector<int> settings;
  if (as == "jpg") settings = {cv::IMWRITE_JPEG_QUALITY, quality};
  // Above 100 is OpenCV's word for lossless.
  if (as == "webp") settings = {cv::IMWRITE_WEBP_QUALITY, quality == 100 ? 101 : quality};
  std::vector<std::uint8_t> encoded;
  std::string size = std::to_string(in.width) + " x " + std::to_string(in.height) + " px";
  if (in.empty()) throw std::runtime_error("the image is empty (" + size + "): there is nothing to write");
  int most = as == "jpg" ? 65500 : as == "webp" ? 16383 : 1 << 20;
  if (in.width > most || in.height > most)
    throw std::runtime_error("the image is " + size + "; a " + as + " file takes up to " + std::to_string(most) +
                             " px a side");
  try {
    if (cv::imencode("." + as, flowrun::view(in), encoded, settings)) return encoded;
  } catch (const cv::Exception& e) {
    throw std::runtime_error("the image (" + size + ") cannot be encoded as " + as + ": " + e.err);
  }
  throw std::runtime_error("the image (" + size + ") cannot be encoded as " + as);
}

}  // namespace image_write
