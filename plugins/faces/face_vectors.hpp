// What faces.embed says of a picture's faces: a vector for each, and how much it can be trusted.
#pragma once
#include <flowrun/codec.hpp>
#include <vector>

namespace faces {

struct face_vector {
  std::vector<float> vector;
  float quality = 0, sharpness = 0, frontal = 0;

  static void fields(flowrun::fields<face_vector>& f) {
    f.field("vector", &face_vector::vector, "faces of one person lie close together");
    f.field("quality", &face_vector::quality, "0..1; the product of what size, sharpness and pose allow");
    f.field("sharpness", &face_vector::sharpness, "0..1; low: out of focus or blurred by motion");
    f.field("frontal", &face_vector::frontal, "0..1; 1: looks into the camera, 0: seen from the side");
  }
};

struct face_vectors {
  static constexpr auto port = "faces.vectors/1";
  std::vector<face_vector> list;

  static void fields(flowrun::fields<face_vectors>& f) {
    f.field("list", &face_vectors::list, "in the order of the faces; empty: the picture has none");
  }
};

}  // namespace faces
