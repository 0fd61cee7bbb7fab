// Random stages in time: a source of stills and of sequences, and windows.
#include "random_stages.hpp"

#include <memory>
#include <stdexcept>

namespace random_stages {

std::vector<medium> share_out(std::uint64_t items, int sequences) {
  std::vector<medium> media{{0, items / 4}};
  for (int k = 0; k < sequences; ++k) {
    std::uint64_t left = items - media.back().end, share = left / static_cast<std::uint64_t>(sequences - k);
    std::uint64_t length = k + 1 == sequences ? left : std::min(left, mix(items, media.back().end) % (2 * share + 1));
    media.push_back({media.back().end, media.back().end + length});
  }
  return media;
}

bool is_broken(const medium& m) {
  return m.end - m.begin > 1 && mix(m.begin, m.end) % 8 == 0;
}

namespace {

struct frames {
  settings with;
  medium of;
  std::uint64_t at;
  std::atomic<int> inside{0};

  bool next(flowrun::item_ref& frame) {
    if (inside.fetch_add(1) != 0) violation = "two threads read one sequence";
    jitter(with.jitter_mode);
    inside.fetch_sub(1);
    if (at == of.end) return false;
    if (at + 1 == of.end && is_broken(of)) throw std::runtime_error("planned fault of a medium");
    frame.seq = at++;
    return true;
  }
  number load() { return decide(at - 1, with.stage, with.chances(), with.jitter_mode, 0); }
};

struct media_source : settings {
  static constexpr auto name = "media_source";
  int count = 0, sequences = 1;
  std::int64_t bytes = 0;
  std::size_t at = 0;
  std::uint64_t still = 0;
  struct ref : flowrun::item_ref {
    std::uint64_t item = 0;
    medium frames;
  };
  static void describe(flowrun::description<media_source>& d) {
    declare(d);
    d.param("count", &media_source::count, "items");
    d.param("bytes", &media_source::bytes, "estimate given for each item");
    d.param("sequences", &media_source::sequences, "media of many items");
    d.source(&media_source::next, &media_source::load, &media_source::read, {"out"});
  }
  // A still and a medium by turns, while there are any.
  bool next(ref& r) {
    jitter(jitter_mode);
    auto media = share_out(static_cast<std::uint64_t>(count), sequences);
    r.bytes = static_cast<std::uint64_t>(bytes);
    bool stills = still < media[0].end, more = at + 1 < media.size();
    if (!stills && !more) return false;
    if (stills && (!more || still <= at)) {
      r.item = still++;
      r.key = std::to_string(r.item);
      return true;
    }
    r.frames = media[++at];
    r.key = "medium" + std::to_string(at);
    r.sequence = true;
    return true;
  }
  number load(const ref& r) const { return decide(r.item, stage, chances(), jitter_mode, 0); }
  std::unique_ptr<frames> read(const ref& r) const {
    auto reader = std::make_unique<frames>();
    reader->with = *this;
    reader->of = r.frames;
    reader->at = r.frames.begin;
    return reader;
  }
};

struct window : settings {
  static constexpr auto name = "window";
  static void describe(flowrun::description<window>& d) {
    declare(d);
    d.window(&window::run, {"a"}, {"out"});
  }
  number run(const number& previous, const number& current, const flowrun::item_info& i) const {
    if (previous.item >= current.item) violation = "a window's previous value is not an earlier one";
    return decide(i.seq, stage, chances(), jitter_mode, take(current, i) + 3 * previous.value);
  }
};

}  // namespace

std::vector<flowrun::stage_info> sequence_stages() {
  return flowrun::detail::all_stages<media_source, window>();
}

}  // namespace random_stages
