// Pictures, boxes and categories as records of a COCO file.
#pragma once
#include <cstddef>
#include <string>

#include "box_value.hpp"
#include "exported_items.hpp"

namespace flowrun::core {

struct picture_size {
  std::int64_t width = 0, height = 0;  // 0: not told
};
// sorted: the keys of all objects.
std::string write_coco_image(std::size_t id, const exported_item& item, picture_size size, bool sorted);

struct coco_ids {
  std::size_t annotation = 0, image = 0, category = 0;
};
// points: how many landmarks the boxes of its category have; a box may lack them.
std::string write_coco_annotation(coco_ids ids, const found_box& box, std::size_t points, bool sorted);
std::string write_coco_category(std::size_t id, const std::string& name, std::size_t points, bool sorted);

}  // namespace flowrun::core
