// Pictures, broken ones too, and folders, made for the tests.
#pragma once
#include <filesystem>
#include <opencv2/core/mat.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace made {

// A new folder that goes away with the object.
class temporary_folder {
 public:
  temporary_folder();
  temporary_folder(const temporary_folder&) = delete;
  temporary_folder& operator=(const temporary_folder&) = delete;
  ~temporary_folder();
  std::string at(const std::string& name) const { return (path_ / name).native(); }
  std::string path() const { return path_.native(); }
  // Makes the folders on the way. Gives the file's path.
  std::string write(const std::string& name, std::string_view content) const;

 private:
  std::filesystem::path path_;
};

std::string big(std::uint32_t value, int bytes);
std::string little(std::uint32_t value, int bytes);

// `extension` with its dot.
std::string encoded(const std::string& extension, const cv::Mat& pixels, const std::vector<int>& settings = {});
// Smooth colours, no two corners alike.
cv::Mat picture(int width, int height);
std::string jpeg(int width = 40, int height = 30);

// An EXIF block (a TIFF structure) that says the orientation.
std::string exif(int orientation, bool big_endian);
std::string with_jpeg_exif(const std::string& jpeg, const std::string& exif);
std::string png_chunk(const std::string& type, const std::string& body);
std::string with_png_chunk(const std::string& png, const std::string& chunk);  // after the header

// 8 x 8 px of four components in Adobe's way, all 128.
std::string cmyk_jpeg();

// Headers without pixels.
std::string png_header(std::uint32_t width, std::uint32_t height);
std::string jpeg_header(std::uint32_t width, std::uint32_t height);
std::string bmp_header(std::uint32_t width, std::uint32_t height);

// Uncompressed grey, 8 bits: one strip of width x height bytes counting up.
std::string tiff(std::uint32_t width, std::uint32_t height, int orientation, bool big_endian);

}  // namespace made
