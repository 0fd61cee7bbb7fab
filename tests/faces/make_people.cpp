// make_people LIST FOLDER: pictures of known people, made of faces in other pictures. Each line of LIST is
// "PERSON X Y W H PICTURE": PERSON_0.png to PERSON_9.png show the surroundings of that face, flipped, scaled,
// brightened.
#include <array>
#include <fstream>
#include <iostream>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <sstream>

namespace {

struct way {
  bool flipped = false;
  double scale = 1, gain = 1, offset = 0;  // of the size; of the pixels' values
};

constexpr std::array<way, 10> ways = {{{},
                                       {true, 1, 1, 0},
                                       {false, 0.75, 1, 0},
                                       {true, 0.75, 1.15, 0},
                                       {false, 1.5, 1, 0},
                                       {true, 1.5, 0.8, 0},
                                       {false, 1, 0.75, 0},
                                       {false, 1, 1.1, 25},
                                       {true, 1.25, 0.9, 15},
                                       {false, 0.85, 1.2, -20}}};

// The face with its own width and height around it; grey where the picture ends.
cv::Mat cut(const cv::Mat& picture, const cv::Rect2d& face) {
  const cv::Rect around(cvRound(face.x - face.width), cvRound(face.y - face.height), cvRound(3 * face.width),
                        cvRound(3 * face.height));
  const cv::Rect inside = around & cv::Rect(0, 0, picture.cols, picture.rows);
  cv::Mat out(around.size(), CV_8UC3, cv::Scalar(128, 128, 128));
  picture(inside).copyTo(out(inside - around.tl()));
  return out;
}

cv::Mat change(const cv::Mat& from, const way& how) {
  cv::Mat out;
  from.convertTo(out, -1, how.gain, how.offset);
  if (how.flipped) cv::flip(out, out, 1);
  cv::resize(out, out, {}, how.scale, how.scale, how.scale < 1 ? cv::INTER_AREA : cv::INTER_CUBIC);
  return out;
}

// In the middle of a grey picture of one size for all.
cv::Mat mount(const cv::Mat& cutting) {
  const int side = 640;
  cv::Mat small = cutting;
  if (const double ratio = side / static_cast<double>(std::max(cutting.cols, cutting.rows)); ratio < 1)
    cv::resize(cutting, small, {}, ratio, ratio, cv::INTER_AREA);
  cv::Mat out(side, side, CV_8UC3, cv::Scalar(128, 128, 128));
  small.copyTo(out(cv::Rect((side - small.cols) / 2, (side - small.rows) / 2, small.cols, small.rows)));
  return out;
}

}  // namespace

int main(int count, char** words) {
  if (count != 3) return std::cerr << "make_people LIST FOLDER\n", 64;
  std::ifstream list(words[1]);
  for (std::string line; std::getline(list, line);) {
    std::istringstream in(line);
    std::string person, file;
    cv::Rect2d face;
    in >> person >> face.x >> face.y >> face.width >> face.height;
    std::getline(in >> std::ws, file);
    const cv::Mat picture = cv::imread(file, cv::IMREAD_COLOR);
    if (!in || picture.empty() || face.width < 1 || face.height < 1)
      return std::cerr << "no face: " << line << "\n", 65;
    const cv::Mat cutting = cut(picture, face);
    for (std::size_t i = 0; i < ways.size(); ++i) {
      const std::string to = std::string(words[2]) + "/" + person + "_" + std::to_string(i) + ".png";
      if (!cv::imwrite(to, mount(change(cutting, ways[i])))) return std::cerr << "not written: " << to << "\n", 74;
    }
  }
}
