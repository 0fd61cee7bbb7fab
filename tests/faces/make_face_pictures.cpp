// Makes pictures out of known faces, and prints where the faces are in them as lines of `x y w h`.
//
//   make_face_pictures crowd COUNT OUT.png FILE X Y W H [FILE X Y W H]...   COUNT faces, small, side by side
//   make_face_pictures border SIDE OUT.png FILE X Y W H                     cut so that SIDE goes through the face
//   make_face_pictures turned UPRIGHT.jpg TURNED.jpg FILE                   the same, lying, with an EXIF tag
#include <cmath>
#include <cstdio>
#include <fstream>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

struct known_face {
  cv::Mat picture;
  cv::Rect2d box;
};

cv::Mat read(const std::string& file) {
  cv::Mat m = cv::imread(file, cv::IMREAD_COLOR);
  if (m.empty()) throw std::runtime_error("cannot read " + file);
  return m;
}

void write(const std::string& file, const cv::Mat& m) {
  if (!cv::imwrite(file, m)) throw std::runtime_error("cannot write " + file);
}

void print(const cv::Rect2d& box) {
  std::printf("%.3f %.3f %.3f %.3f\n", box.x, box.y, box.width, box.height);
}

std::vector<known_face> read_faces(const std::vector<std::string>& words, std::size_t first) {
  std::vector<known_face> faces;
  for (std::size_t i = first; i + 4 < words.size(); i += 5) {
    auto number = [&](std::size_t k) { return std::stod(words[i + k]); };
    faces.push_back({read(words[i]), {number(1), number(2), number(3), number(4)}});
  }
  if (faces.empty()) throw std::runtime_error("no faces are named");
  return faces;
}

known_face scaled(const known_face& f, double by) {
  known_face made;
  cv::resize(f.picture, made.picture, {}, by, by, by < 1 ? cv::INTER_AREA : cv::INTER_CUBIC);
  made.box = {f.box.x * by, f.box.y * by, f.box.width * by, f.box.height * by};
  return made;
}

known_face flipped(const known_face& f) {
  known_face made;
  cv::flip(f.picture, made.picture, 1);
  made.box = f.box;
  made.box.x = f.picture.cols - f.box.x - f.box.width;
  return made;
}

// 1920 px are three times the network's input: a face is 25 to 28 px wide there, and higher than wide.
constexpr int picture_width = 1920, columns = 16, cell_width = picture_width / columns, cell_height = 138;

void make_crowd(std::size_t count, const std::string& out, const std::vector<known_face>& faces) {
  const int rows = static_cast<int>((count + columns - 1) / columns);
  cv::Mat crowd(rows * cell_height, picture_width, CV_8UC3, cv::Scalar(110, 120, 115));
  for (std::size_t i = 0; i < count; ++i) {
    const known_face& of = faces[i % faces.size()];
    const std::size_t round = i / faces.size();
    const double smaller_side = 3.0 * static_cast<double>(25 + round % 4);
    known_face f = scaled(of, smaller_side / std::min(of.box.width, of.box.height));
    if (round % 2 == 1) f = flipped(f);
    f.picture.convertTo(f.picture, -1, 0.7 + 0.1 * static_cast<double>(round % 6), 10 * static_cast<double>(round % 3));
    const cv::Rect cell(static_cast<int>(i % columns) * cell_width, static_cast<int>(i / columns) * cell_height,
                        cell_width, cell_height);
    const cv::Point from(static_cast<int>(std::lround(f.box.x + f.box.width / 2)) - cell_width / 2,
                         static_cast<int>(std::lround(f.box.y + f.box.height / 2)) - cell_height / 2);
    const cv::Rect seen = cv::Rect(from, cell.size()) & cv::Rect({0, 0}, f.picture.size());
    f.picture(seen).copyTo(crowd(seen + cell.tl() - from));
    print({f.box.x + cell.x - from.x, f.box.y + cell.y - from.y, f.box.width, f.box.height});
  }
  write(out, crowd);
}

// A quarter of the face is cut off.
void cut(const std::string& side, const std::string& out, const known_face& f) {
  const cv::Size all = f.picture.size();
  const auto x = static_cast<int>(f.box.x + f.box.width / 4), y = static_cast<int>(f.box.y + f.box.height / 4);
  cv::Rect part({0, 0}, all);
  if (side == "left") part = {x, 0, all.width - x, all.height};
  if (side == "top") part = {0, y, all.width, all.height - y};
  if (side == "right") part.width = static_cast<int>(f.box.x + f.box.width * 3 / 4);
  if (side == "bottom") part.height = static_cast<int>(f.box.y + f.box.height * 3 / 4);
  if (part.size() == all) throw std::runtime_error("there is no side '" + side + "'");
  write(out, f.picture(part));
  print({f.box.x - part.x, f.box.y - part.y, f.box.width, f.box.height});
}

// A JPEG whose EXIF tag asks to turn it clockwise.
void write_turned(const std::string& file, const cv::Mat& upright) {
  cv::Mat lying;
  cv::rotate(upright, lying, cv::ROTATE_90_COUNTERCLOCKWISE);
  std::vector<unsigned char> jpeg;
  cv::imencode(".jpg", lying, jpeg, {cv::IMWRITE_JPEG_QUALITY, 100});
  const char tag[] =
      "\xff\xe1\x00\x22"
      "Exif\0\0"
      "MM\0*\0\0\0\x08"
      "\0\x01"
      "\x01\x12\0\x03\0\0\0\x01\0\x06\0\0"
      "\0\0\0";
  std::ofstream out(file, std::ios::binary);
  out.write(reinterpret_cast<const char*>(jpeg.data()), 2);
  out.write(tag, sizeof tag);  // the last 0 too
  out.write(reinterpret_cast<const char*>(jpeg.data()) + 2, static_cast<std::streamsize>(jpeg.size() - 2));
  if (!out.flush()) throw std::runtime_error("cannot write " + file);
}

void make(const std::vector<std::string>& words) {
  if (words.size() >= 8 && words[0] == "crowd") return make_crowd(std::stoul(words[1]), words[2], read_faces(words, 3));
  if (words.size() == 8 && words[0] == "border") return cut(words[1], words[2], read_faces(words, 3)[0]);
  if (words.size() != 4 || words[0] != "turned") throw std::runtime_error("wrong words; they stand at its top");
  const cv::Mat picture = read(words[3]);
  if (!cv::imwrite(words[1], picture, {cv::IMWRITE_JPEG_QUALITY, 100}))
    throw std::runtime_error("cannot write " + words[1]);
  write_turned(words[2], picture);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    make({argv + 1, argv + argc});
  } catch (const std::exception& e) {
    std::fprintf(stderr, "make_face_pictures: %s\n", e.what());
    return 70;
  }
  return 0;
}
