// The items of a run that have rectangles, with them: what COCO and YOLO are made from.
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "box_value.hpp"
#include "exported_items.hpp"
#include "identity_pairs.hpp"

namespace flowrun::core {

// A kept port with boxes, and what it says of the current item; no `boxes`: it has no value there.
struct box_port {
  const exported_outcome& of;
  box_layout layout;
  std::optional<found_boxes> boxes;

  // The category of one of its boxes.
  std::string category_of(const found_box& box) const;
};

class boxed_items {
 public:
  struct wish {
    std::string format;   // as errors call it
    bool sorted = false;  // ports by label, else in the run's order
    bool sized = false;   // only ports that say how large the picture is
    bool identities = false;
  };
  // Throws store_error; 65 where no kept port has boxes.
  boxed_items(const std::filesystem::path& run_directory, wish wanted);

  // To the next item for which at least one of the ports has a value.
  bool next();
  // next() begins anew. The first time: every item was seen, and identities are given from now on.
  void rewind();

  const exported_item& item() const { return items_.item(); }
  const std::vector<box_port>& ports() const { return ports_; }
  // What was left out: ports, identities (after the first rewind), and items passed over since the last one.
  std::vector<std::string> notes() const;

 private:
  struct identity_port {
    const exported_outcome& of;
    identity_layout layout;
    std::optional<std::vector<std::optional<std::string>>> list;
  };
  void find_ports(const wish& wanted, const std::filesystem::path& run_directory);
  bool read_item();
  void pair_identities();

  exported_items items_;
  std::vector<box_port> ports_;
  std::vector<identity_port> identities_;
  std::optional<identity_pairs> pairs_;
  std::vector<std::string> notes_;
  bool settled_ = false;
  std::size_t left_out_ = 0;
};

}  // namespace flowrun::core
