#include <map>
#include <utility>

#include "boxed_items.hpp"
#include "coco_record.hpp"
#include "exports.hpp"
#include "json_object.hpp"
#include "key_text.hpp"
#include "text_output.hpp"

namespace flowrun::core {
namespace fs = std::filesystem;
namespace {

std::string describe_size(const found_boxes& boxes) {
  return std::to_string(boxes.width) + " x " + std::to_string(boxes.height) + " px";
}

// The size of the current picture: ports that tell it must agree.
picture_size find_size(const boxed_items& items) {
  const box_port* first = nullptr;
  for (const box_port& p : items.ports()) {
    if (!p.boxes || !p.boxes->is_sized()) continue;
    if (!first) first = &p;
    if (p.boxes->width == first->boxes->width && p.boxes->height == first->boxes->height) continue;
    throw store_error("'" + p.of.label + "' of item '" + show_key(items.item().key) + "' is of a picture of " +
                          describe_size(*p.boxes) + ", but '" + first->of.label + "' of one of " +
                          describe_size(*first->boxes) +
                          ": coco has one size for each picture; keep one of the two, or export jsonl or csv",
                      65);
  }
  if (!first) return {};
  return {first->boxes->width, first->boxes->height};
}

// The file's text: keys of the outermost object, and records in the lists below them, a line each.
class coco_text {
 public:
  explicit coco_text(const fs::path& to) : out_(to) {}
  void add_key(const std::string& name, const std::string& json) {
    out_.write((keys_++ > 0 ? ",\n\"" : "{\"") + name + "\":" + json);
    records_ = 0;
  }
  void add_record(const std::string& record) { out_.write((records_++ > 0 ? ",\n" : "\n") + record); }
  void end_list() { out_.write("]"); }
  void finish() {
    out_.write("}\n");
    out_.finish();
  }

 private:
  text_output out_;
  std::size_t keys_ = 0, records_ = 0;
};

class coco_file {
 public:
  coco_file(const fs::path& run_directory, bool sorted)
      : items_(run_directory, boxed_items::wish{"coco", sorted, false, true}), sorted_(sorted) {}

  void survey();  // throws store_error (65)
  void write(const fs::path& to);
  export_summary summary() const;

 private:
  using category = std::pair<std::string, std::size_t>;  // its name, and how many landmarks its boxes have

  static category category_of(const box_port& port, const found_box& box) {
    return {port.category_of(box), port.layout.points};
  }
  void survey_item();
  void write_header(coco_text& out) const;
  void write_images(coco_text& out);
  void write_annotations(coco_text& out);
  void write_boxes(const box_port& port, coco_ids& ids, coco_text& out) const;
  void write_categories(coco_text& out) const;

  boxed_items items_;
  bool sorted_;
  std::map<category, std::size_t> categories_;  // with their ids
  std::size_t images_ = 0, unsized_ = 0, not_finite_ = 0;
};

void coco_file::survey_item() {
  ++images_;
  if (find_size(items_).width == 0) ++unsized_;
  for (const box_port& p : items_.ports()) {
    if (!p.boxes) continue;
    for (const found_box& box : p.boxes->list) {
      if (box.is_finite())
        categories_[category_of(p, box)];
      else
        ++not_finite_;
    }
  }
}

void coco_file::survey() {
  for (const box_port& p : items_.ports())
    if (!p.layout.labelled) categories_[{show_text(p.of.label), p.layout.points}];
  while (items_.next()) survey_item();
  std::size_t id = 0;
  for (auto& known : categories_) known.second = ++id;
}

void coco_file::write_header(coco_text& out) const {
  out.add_key("info", R"({"description":"exported by flowrun"})");
  out.add_key("licenses", "[]");
}

void coco_file::write_images(coco_text& out) {
  out.add_key("images", "[");
  items_.rewind();
  for (std::size_t id = 1; items_.next(); ++id)
    out.add_record(write_coco_image(id, items_.item(), find_size(items_), sorted_));
  out.end_list();
}

void coco_file::write_boxes(const box_port& port, coco_ids& ids, coco_text& out) const {
  for (const found_box& box : port.boxes->list) {
    if (!box.is_finite()) continue;
    ++ids.annotation;
    ids.category = categories_.at(category_of(port, box));
    out.add_record(write_coco_annotation(ids, box, port.layout.points, sorted_));
  }
}

void coco_file::write_annotations(coco_text& out) {
  out.add_key("annotations", "[");
  items_.rewind();
  coco_ids ids;
  while (items_.next()) {
    ++ids.image;
    for (const box_port& p : items_.ports())
      if (p.boxes) write_boxes(p, ids, out);
  }
  out.end_list();
}

void coco_file::write_categories(coco_text& out) const {
  out.add_key("categories", "[");
  for (const auto& known : categories_)
    out.add_record(write_coco_category(known.second, known.first.first, known.first.second, sorted_));
  out.end_list();
}

// The file's keys in COCO's order, or sorted.
void coco_file::write(const fs::path& to) {
  coco_text out(to);
  if (!sorted_) {
    write_header(out);
    write_images(out);
  }
  write_annotations(out);
  if (sorted_) {
    write_categories(out);
    write_images(out);
    write_header(out);
  } else {
    write_categories(out);
  }
  out.finish();
}

export_summary coco_file::summary() const {
  export_summary summary{images_, items_.notes()};
  if (unsized_ > 0)
    summary.notes.push_back(std::to_string(unsized_) + (unsized_ == 1 ? " image has" : " images have") +
                            " no width and height: their size is not kept");
  if (not_finite_ > 0) summary.notes.push_back(describe_endless_boxes(not_finite_));
  return summary;
}

}  // namespace

export_summary export_coco(const fs::path& run_directory, const fs::path& to, export_options options) {
  coco_file file(run_directory, options.canonical);
  file.survey();
  file.write(to);
  return file.summary();
}

}  // namespace flowrun::core
