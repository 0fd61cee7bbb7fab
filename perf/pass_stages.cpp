// Stages that do nothing, to measure what the framework costs.
#include <array>
#include <flowrun/plugin.hpp>
#include <flowrun/types/image.hpp>

namespace pass {

// 200 bytes, shared by all stages.
struct block {
  static constexpr auto port = "pass.block/1";
  std::array<std::uint64_t, 25> words{};
  friend std::size_t bytes(const block&) { return sizeof(block); }
};

// 100 bytes when kept.
struct label {
  static constexpr auto port = "pass.label/1";
  std::array<std::uint8_t, 100> text{};
  static void fields(flowrun::fields<label>& f) { f.field("text", &label::text, "bytes"); }
};

struct source {
  static constexpr auto name = "source";
  std::int64_t count = 200000;
  std::int64_t at = 0;
  static void describe(flowrun::description<source>& d) {
    d.doc("Counts.");
    d.param("count", &source::count, "items").range(0, 1e12);
    d.source(&source::next, &source::load, {"block"});
  }
  bool next(flowrun::item_ref& r) {
    if (at == count) return false;
    r.key = std::to_string(at++);
    r.bytes = sizeof(block);
    return true;
  }
  block load(const flowrun::item_ref& r) const {
    block b;
    b.words[0] = r.key.size();
    return b;
  }
};

struct through {
  static constexpr auto name = "through";
  static void describe(flowrun::description<through>& d) {
    d.doc("Gives a block like the one it got.");
    d.run(&through::run, {"block"}, {"block"});
  }
  block run(const block& b) const { return b; }
};

struct end {
  static constexpr auto name = "end";
  static void describe(flowrun::description<end>& d) {
    d.doc("Takes the block.");
    d.run(&end::run, {"block"});
  }
  void run(const block&) const {}
};

struct keep {
  static constexpr auto name = "keep";
  static void describe(flowrun::description<keep>& d) {
    d.doc("Turns a block into a value worth keeping.");
    d.run(&keep::run, {"block"}, {"label"});
  }
  label run(const block& b) const {
    label l;
    l.text[0] = static_cast<std::uint8_t>(b.words[0]);
    return l;
  }
};

struct drop {
  static constexpr auto name = "drop";
  static void describe(flowrun::description<drop>& d) {
    d.doc("Takes the picture.");
    d.run(&drop::run, {"image"});
  }
  void run(const flowrun::image&) const {}
};

}  // namespace pass

FLOWRUN_PLUGIN("pass", "1.0.0", pass::source, pass::through, pass::end, pass::keep, pass::drop)
