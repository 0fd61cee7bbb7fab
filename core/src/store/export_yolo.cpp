#include <map>

#include "boxed_items.hpp"
#include "export_folder.hpp"
#include "exports.hpp"
#include "file_batch.hpp"
#include "key_text.hpp"
#include "label_path.hpp"
#include "shared_labels.hpp"
#include "text_output.hpp"
#include "value_json.hpp"
#include "yolo_label.hpp"

namespace flowrun::core {
namespace fs = std::filesystem;
namespace {

class yolo_folder {
 public:
  explicit yolo_folder(const fs::path& run_directory)
      : items_(run_directory, boxed_items::wish{"yolo", false, true, false}) {}

  void survey();  // throws store_error (65)
  void write(const fs::path& folder);
  export_summary summary() const;

 private:
  void survey_boxes(const box_port& port);
  std::string label_text();
  void write_labels(const fs::path& folder);
  void write_classes(const fs::path& folder) const;

  boxed_items items_;
  std::map<std::string, std::size_t> classes_;  // with their numbers, from 0
  std::size_t pictures_ = 0, outside_ = 0, not_finite_ = 0;
};

void yolo_folder::survey_boxes(const box_port& port) {
  if (!port.boxes->list.empty() && !port.boxes->is_sized())
    throw store_error("'" + port.of.label + "' of item '" + show_key(items_.item().key) +
                          "' has boxes, but says that the picture is " + std::to_string(port.boxes->width) + " x " +
                          std::to_string(port.boxes->height) + " px: yolo needs its size; export coco",
                      65);
  for (const found_box& box : port.boxes->list)
    if (box.is_finite()) classes_[port.category_of(box)];
}

void yolo_folder::survey() {
  shared_labels labels;
  for (const box_port& p : items_.ports())
    if (!p.layout.labelled) classes_[show_text(p.of.label)];
  for (; items_.next(); ++pictures_) {
    labels.add(items_.item());
    for (const box_port& p : items_.ports())
      if (p.boxes) survey_boxes(p);
  }
  labels.refuse(items_);
  std::size_t index = 0;
  for (auto& known : classes_) known.second = index++;
}

std::string yolo_folder::label_text() {
  std::string text;
  for (const box_port& p : items_.ports()) {
    if (!p.boxes) continue;
    for (const found_box& box : p.boxes->list) {
      if (!box.is_finite()) {
        ++not_finite_;
        continue;
      }
      const std::string line = write_yolo_line(classes_.at(p.category_of(box)), box, *p.boxes);
      outside_ += line.empty();
      text += line;
    }
  }
  return text;
}

void yolo_folder::write_labels(const fs::path& folder) {
  file_batch labels(folder);
  fs::path made;
  for (items_.rewind(); items_.next();) {
    const fs::path file = folder / label_path(items_.item());
    if (file.parent_path() != made) make_export_folder(made = file.parent_path(), "yolo");
    text_output out(file);
    out.write(label_text());
    labels.add(out);
  }
  labels.finish();
}

// data.yaml: what trainers read. The pictures are expected in images/, beside labels/.
void yolo_folder::write_classes(const fs::path& folder) const {
  text_output names(folder / "classes.txt"), data(folder / "data.yaml");
  data.write(classes_.empty() ? "train: images\nval: images\nnames: {}\n" : "train: images\nval: images\nnames:\n");
  for (const auto& known : classes_) {
    std::string quoted;
    append_json_text(known.first, quoted);
    data.write("  " + std::to_string(known.second) + ": " + quoted + "\n");
    names.write(line_of_text(known.first) + "\n");
  }
  names.finish();
  data.finish();
}

void yolo_folder::write(const fs::path& folder) {
  make_export_folder(folder / "labels", "yolo");
  write_classes(folder);
  write_labels(folder / "labels");
}

export_summary yolo_folder::summary() const {
  export_summary summary{pictures_, items_.notes()};
  if (outside_ > 0)
    summary.notes.push_back(std::to_string(outside_) + (outside_ == 1 ? " box outside its picture is left out"
                                                                      : " boxes outside their pictures are left out"));
  if (not_finite_ > 0) summary.notes.push_back(describe_endless_boxes(not_finite_));
  return summary;
}

}  // namespace

export_summary export_yolo(const fs::path& run_directory, const fs::path& folder) {
  yolo_folder made(run_directory);
  made.survey();
  made.write(folder);
  return made.summary();
}

}  // namespace flowrun::core
