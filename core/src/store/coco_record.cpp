#include "coco_record.hpp"

#include <cmath>
#include <initializer_list>

#include "json_object.hpp"
#include "key_text.hpp"
#include "value_json.hpp"

namespace flowrun::core {
namespace {

void append_element(const std::string& json, std::string& list) {
  if (list.size() > 1) list += ',';
  list += json;
}

std::string json_of(const box_number& number) {
  std::string json;
  append_json_number(number.value, number.single, json);
  return json;
}

// Of two float32 the area is one too, or its digits would be made up.
std::string area_of(const found_box& box) {
  const double area = box.w.value * box.h.value;
  const bool single = box.w.single && box.h.single && std::isfinite(static_cast<float>(area));
  return json_of({area, single});
}

std::string corner_and_size(const found_box& box) {
  std::string list = "[";
  for (const box_number& side : {box.x, box.y, box.w, box.h}) append_element(json_of(side), list);
  return list + "]";
}

// x, y and 2, which means visible; a point that is not there is 0, 0 and 0.
void add_keypoints(const found_box& box, std::size_t points, json_object& record) {
  std::string list = "[";
  std::size_t there = 0;
  for (std::size_t i = 0; i < points; ++i) {
    const bool is_point = 2 * i + 1 < box.landmarks.size() && std::isfinite(box.landmarks[2 * i].value) &&
                          std::isfinite(box.landmarks[2 * i + 1].value);
    append_element(is_point ? json_of(box.landmarks[2 * i]) + "," + json_of(box.landmarks[2 * i + 1]) + ",2" : "0,0,0",
                   list);
    there += is_point;
  }
  record.add("keypoints", list + "]");
  record.add("num_keypoints", there);
}

}  // namespace

std::string write_coco_image(std::size_t id, const exported_item& item, picture_size size, bool sorted) {
  json_object record(sorted);
  record.add("id", id);
  record.add_text("file_name", show_text(item.key));
  if (size.width > 0 && size.height > 0) {
    record.add("width", std::to_string(size.width));
    record.add("height", std::to_string(size.height));
  }
  record.add_text("source", show_text(item.source));
  if (!item.stream.empty()) {
    record.add_text("video", show_key(item.stream));
    record.add("frame", std::to_string(item.seq));
  }
  return record.text();
}

std::string write_coco_annotation(coco_ids ids, const found_box& box, std::size_t points, bool sorted) {
  json_object record(sorted);
  record.add("id", ids.annotation);
  record.add("image_id", ids.image);
  record.add("category_id", ids.category);
  record.add("bbox", corner_and_size(box));
  record.add("area", area_of(box));
  record.add("iscrowd", "0");
  record.add("segmentation", "[]");
  if (box.score && std::isfinite(box.score->value)) record.add("score", json_of(*box.score));
  if (points > 0) add_keypoints(box, points, record);
  if (box.identity) record.add("identity", *box.identity);
  return record.text();
}

std::string write_coco_category(std::size_t id, const std::string& name, std::size_t points, bool sorted) {
  json_object record(sorted);
  record.add("id", id);
  record.add_text("name", name);
  record.add_text("supercategory", "");
  if (points > 0) {
    std::string names = "[";
    for (std::size_t i = 0; i < points; ++i) append_element("\"" + std::to_string(i) + "\"", names);
    record.add("keypoints", names + "]");
    record.add("skeleton", "[]");
  }
  return record.text();
}

}  // namespace flowrun::core
