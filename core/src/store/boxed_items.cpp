#include "boxed_items.hpp"

#include <stdexcept>

#include "key_text.hpp"

namespace flowrun::core {
namespace {

std::vector<std::string> labels_of(const std::vector<box_port>& ports) {
  std::vector<std::string> labels;
  for (const box_port& p : ports) labels.push_back(p.of.label);
  return labels;
}

}  // namespace

std::string box_port::category_of(const found_box& box) const {
  return box.label && !box.label->empty() ? *box.label : show_text(of.label);
}

boxed_items::boxed_items(const std::filesystem::path& run_directory, wish wanted)
    : items_(run_directory, wanted.sorted) {
  find_ports(wanted, run_directory);
  std::vector<std::string> labels;
  for (const identity_port& p : identities_) labels.push_back(p.of.label);
  pairs_.emplace(labels_of(ports_), std::move(labels));
}

void boxed_items::find_ports(const wish& wanted, const std::filesystem::path& run_directory) {
  std::string unsized;
  for (const exported_outcome& o : items_.outcomes()) {
    if (!o.keeps_values() || !o.per_item) continue;
    if (auto layout = find_boxes(o.fields)) {
      if (!wanted.sized || layout->is_sized()) {
        ports_.push_back({o, std::move(*layout), {}});
        continue;
      }
      notes_.push_back("'" + o.label + "' does not say how large the picture is and is left out; coco has it");
      if (unsized.empty()) unsized = o.label;
    } else if (wanted.identities) {
      if (auto identities = find_identities(o.fields)) identities_.push_back({o, *identities, {}});
    }
  }
  if (!ports_.empty()) return;
  if (!unsized.empty())
    throw store_error(run_directory.string() + ": '" + unsized +
                          "' has no whole numbers width and height beside its list of boxes, so there is nothing for " +
                          wanted.format + ", which needs the size of the picture; export coco",
                      65);
  throw store_error(run_directory.string() + ": no kept port gives boxes for each item, so there is nothing for " +
                        wanted.format + "; keep one that has a list of objects with numbers x, y, w and h",
                    65);
}

bool boxed_items::read_item() {
  const exported_outcome* now = nullptr;
  bool any = false;
  try {
    for (box_port& p : ports_) {
      now = &p.of;
      p.boxes.reset();
      if (p.of.answer != answer_kind::value) continue;
      p.boxes = read_boxes(p.of.fields, p.layout, p.of.value);
      any = true;
    }
    for (identity_port& p : identities_) {
      now = &p.of;
      p.list.reset();
      if (any && p.of.answer == answer_kind::value) p.list = read_identities(p.of.fields, p.layout, p.of.value);
    }
  } catch (const std::runtime_error& e) {
    fail_damaged(*now, items_.item(), e.what());
  }
  return any;
}

void boxed_items::pair_identities() {
  for (std::size_t b = 0; b < ports_.size(); ++b) {
    if (!ports_[b].boxes || ports_[b].layout.identified) continue;
    std::vector<found_box>& boxes = ports_[b].boxes->list;
    for (std::size_t i = 0; !settled_ && i < identities_.size(); ++i)
      if (identities_[i].list) pairs_->add(b, i, boxes.size(), identities_[i].list->size());
    if (!settled_) continue;
    auto who = pairs_->identities_of(b);
    for (std::size_t k = 0; who && identities_[*who].list && k < boxes.size(); ++k)
      boxes[k].identity = identities_[*who].list->at(k);
  }
}

bool boxed_items::next() {
  while (items_.next()) {
    if (read_item()) {
      pair_identities();
      return true;
    }
    ++left_out_;
  }
  return false;
}

void boxed_items::rewind() {
  if (!settled_) pairs_->settle(notes_);
  settled_ = true;
  left_out_ = 0;
  items_.rewind();
}

std::vector<std::string> boxed_items::notes() const {
  std::vector<std::string> notes = notes_;
  if (left_out_ > 0)
    notes.push_back(std::to_string(left_out_) +
                    (left_out_ == 1 ? " item without a value is left out" : " items without a value are left out"));
  return notes;
}

}  // namespace flowrun::core
