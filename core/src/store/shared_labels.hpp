// Items whose labels would be one file.
#pragma once
#include <cstddef>
#include <vector>

#include "boxed_items.hpp"

namespace flowrun::core {

// Keeps eight bytes for an item, not its name.
class shared_labels {
 public:
  void add(const exported_item& item);
  // Goes over the items again where two may be alike; throws the store_error (65) that names them.
  void refuse(boxed_items& items);

 private:
  std::vector<std::size_t> hashes_;  // of the paths
};

}  // namespace flowrun::core
