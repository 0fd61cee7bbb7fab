// dlib_embeddings MODEL.dat CHIPS VECTORS: dlib's own answers. CHIPS has pictures of 150 x 150 RGB bytes, one after the
// other; VECTORS gets 128 float32 for each. The network's type is that of dlib's example dnn_face_recognition_ex.cpp.
#include <dlib/dnn.h>

#include <fstream>
#include <iostream>

namespace {

template <int channels, int stride, class Below> using two_convolutions = dlib::affine<
    dlib::con<channels, 3, 3, 1, 1, dlib::relu<dlib::affine<dlib::con<channels, 3, 3, stride, stride, Below>>>>>;
template <int channels, class Below> using block =
    dlib::relu<dlib::add_prev1<two_convolutions<channels, 1, dlib::tag1<Below>>>>;
template <int channels, class Below> using halving_block = dlib::relu<dlib::add_prev2<
    dlib::avg_pool<2, 2, 2, 2, dlib::skip1<dlib::tag2<two_convolutions<channels, 2, dlib::tag1<Below>>>>>>>;

using pictures = dlib::input_rgb_image_sized<150>;
using stem = dlib::max_pool<3, 3, 2, 2, dlib::relu<dlib::affine<dlib::con<32, 7, 7, 2, 2, pictures>>>>;
using level4 = block<32, block<32, block<32, stem>>>;
using level3 = block<64, block<64, block<64, halving_block<64, level4>>>>;
using level2 = block<128, block<128, halving_block<128, level3>>>;
using level1 = block<256, block<256, halving_block<256, level2>>>;
using level0 = halving_block<256, level1>;
using network = dlib::loss_metric<dlib::fc_no_bias<128, dlib::avg_pool_everything<level0>>>;

bool read_chip(std::istream& in, dlib::matrix<dlib::rgb_pixel>& chip) {
  chip.set_size(150, 150);
  for (dlib::rgb_pixel& p : chip) {
    char colours[3];
    if (!in.read(colours, sizeof colours)) return false;
    p = {static_cast<unsigned char>(colours[0]), static_cast<unsigned char>(colours[1]),
         static_cast<unsigned char>(colours[2])};
  }
  return true;
}

}  // namespace

int main(int count, char** words) {
  if (count != 4) {
    std::cerr << "dlib_embeddings MODEL.dat CHIPS VECTORS\n";
    return 64;
  }
  try {
    network net;
    dlib::deserialize(words[1]) >> net;
    std::ifstream chips(words[2], std::ios::binary);
    std::ofstream vectors(words[3], std::ios::binary);
    for (dlib::matrix<dlib::rgb_pixel> chip; read_chip(chips, chip);) {
      const dlib::matrix<float, 0, 1> vector = net(chip);
      vectors.write(reinterpret_cast<const char*>(&vector(0)),
                    static_cast<std::streamsize>(sizeof(float)) * vector.size());
    }
    return vectors.flush() ? 0 : 74;
  } catch (const std::exception& e) {
    std::cerr << "dlib_embeddings: " << e.what() << '\n';
    return 70;
  }
}
