// The stage NEW_PLUGIN.NEW_STAGE: pictures that it makes itself.
#include <flowrun/plugin.hpp>

// What next() tells of an item, so that load() can make it.
struct NEW_STRUCT_ref : flowrun::item_ref {
  int width = 0;
};

struct NEW_STRUCT {
  static constexpr auto name = "NEW_STAGE";
  static constexpr int version = 1;  // raise it when the same item is another picture than before
  static constexpr int side = 64;    // px

  int count = 10;

  static void describe(flowrun::description<NEW_STRUCT>& d) {
    d.doc("Pictures of stripes, each wider than the one before.");
    d.param("count", &NEW_STRUCT::count, "how many").range(1, 1000).listing();
    d.source(&NEW_STRUCT::next, &NEW_STRUCT::load, {"image"});
  }

  std::uint64_t total() const { return static_cast<std::uint64_t>(count); }

  // Finds the next item; cheap, one at a time.
  bool next(NEW_STRUCT_ref& ref) {
    if (at_ == count) return false;
    ref.width = ++at_;
    ref.key = "stripes-" + std::to_string(ref.width);
    ref.bytes = side * side;
    return true;
  }

  // const: called by several threads at once.
  flowrun::image load(const NEW_STRUCT_ref& ref) const {
    flowrun::image_buffer b(side, side, 1);
    for (int y = 0; y < side; ++y)
      for (int x = 0; x < side; ++x) b.row(y)[x] = x / ref.width % 2 ? 255 : 0;
    return std::move(b).freeze();
  }

 private:
  int at_ = 0;
};

FLOWRUN_PLUGIN("NEW_PLUGIN", "0.1.0", NEW_STRUCT)
