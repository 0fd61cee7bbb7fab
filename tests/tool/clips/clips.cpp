// Media in time for tests of whole runs: a clip is a text file with a number on each line, one line a frame. A line may
// also be `fail` or `skip` (this frame) or `broken` (nothing after it can be read). A file of one line named *.still is
// an item of its own.
#include <sys/stat.h>
#include <algorithm>
#include <filesystem>
#include <fstream>

#include "../probe/probe.hpp"

namespace clips {

struct clip_ref : flowrun::item_ref {
  std::string path;
};

probe::mark_value mark_of(const std::string& key, const std::string& line) {
  if (line == "fail") throw std::runtime_error("this frame cannot be read");
  if (line == "skip") throw flowrun::skip("an empty frame");
  return {key, "", 1, 1, std::stoll(line)};
}

class frames {
 public:
  frames(const clip_ref& clip, std::int64_t every_nth, std::int64_t max_frames, const std::string& file, int sleep_us)
      : clip_(clip), every_nth_(every_nth), max_frames_(max_frames), file_(file), sleep_us_(sleep_us), in_(clip.path) {
    if (std::string first; std::getline(in_, first) && first == "closed")
      throw std::runtime_error("the clip cannot be opened");
    in_.seekg(0);
  }
  bool next(flowrun::item_ref& frame) {
    do {
      if (!std::getline(in_, line_) || (max_frames_ > 0 && given_ == max_frames_)) return false;
      if (line_ == "broken") throw std::runtime_error("the clip is broken here");
    } while (at_++ % every_nth_ != 0);
    ++given_;
    frame.seq = static_cast<std::uint64_t>(at_ - 1);
    frame.time_ns = (at_ - 1) * 40'000'000;
    frame.bytes = 1000;  // its medium tells nothing
    return true;
  }
  probe::mark_value load() {
    probe::append(file_, clip_.key + "#" + std::to_string(at_ - 1));
    probe::pause(sleep_us_);
    return mark_of(clip_.key + "#" + std::to_string(at_ - 1), line_);
  }

 private:
  clip_ref clip_;
  std::int64_t every_nth_, max_frames_, at_ = 0, given_ = 0;
  std::string file_, line_;
  int sleep_us_;
  std::ifstream in_;
};

struct read {
  static constexpr auto name = "read";
  std::string path, file;
  std::int64_t every_nth = 1, max_frames = 0;
  int sleep_us = 0;

  static void describe(flowrun::description<read>& d) {
    d.doc("Clips and stills of a folder.");
    d.param("path", &read::path, "a folder").required().listing();
    d.param("every_nth", &read::every_nth, "of each clip").range(1, 1000).spacing();
    d.param("max_frames", &read::max_frames, "of each clip, 0: all").range(0, 1000000).listing();
    d.param("file", &read::file, "each frame that is loaded is appended to it; empty: none");
    d.param("sleep_us", &read::sleep_us, "of each frame").range(0, 60'000'000);
    d.source(&read::next, &read::load, &read::frames_of, {"mark"});
  }
  void open(const flowrun::stage_context&) {
    for (const auto& entry : std::filesystem::directory_iterator(path)) paths_.push_back(entry.path().string());
    std::sort(paths_.rbegin(), paths_.rend());
  }
  bool next(clip_ref& r) {
    if (paths_.empty()) return false;
    r.path = paths_.back();
    paths_.pop_back();
    std::filesystem::path p = r.path;
    r.key = p.filename().string();
    r.sequence = p.extension() != ".still";
    struct stat status {};
    if (::stat(r.path.c_str(), &status) == 0) {
      r.size = static_cast<std::uint64_t>(status.st_size);
      r.mtime_ns = std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec;
    }
    return true;
  }
  probe::mark_value load(const clip_ref& r) const {
    probe::append(file, r.key);
    std::ifstream in(r.path);
    std::string line;
    std::getline(in, line);
    return mark_of(r.key, line);
  }
  std::unique_ptr<frames> frames_of(const clip_ref& r) const {
    return std::make_unique<frames>(r, every_nth, max_frames, file, sleep_us);
  }

 private:
  std::vector<std::string> paths_;
};

struct step_value {
  static constexpr auto port = "clips.step/1";
  std::string from, to;
  std::int64_t difference = 0;
  static void fields(flowrun::fields<step_value>& f) {
    f.field("from", &step_value::from).field("to", &step_value::to).field("difference", &step_value::difference);
  }
};

struct step : probe::common {
  static constexpr auto name = "step";
  static void describe(flowrun::description<step>& d) {
    d.doc("What changed since the frame before.");
    declare(d);
    d.window(&step::run, {"mark"}, {"step"});
  }
  step_value run(const probe::mark_value& previous, const probe::mark_value& current,
                 const flowrun::item_info& item) const {
    note(item);
    return {previous.key, current.key, current.sum - previous.sum};
  }
};

struct pass : probe::common {
  static constexpr auto name = "pass";
  static void describe(flowrun::description<pass>& d) {
    d.doc("Gives on what it gets.");
    declare(d);
    d.run(&pass::run, {"mark"}, {"mark"});
  }
  probe::mark_value run(const probe::mark_value& in, const flowrun::item_info& item) const {
    note(item);
    return in;
  }
};

struct sum_value {
  static constexpr auto port = "clips.sum/1";
  std::int64_t steps = 0, difference = 0;
  std::string first, last;
  static void fields(flowrun::fields<sum_value>& f) {
    f.field("steps", &sum_value::steps).field("difference", &sum_value::difference);
    f.field("first", &sum_value::first).field("last", &sum_value::last);
  }
};

struct sum {
  static constexpr auto name = "sum";
  std::string marker;
  static void describe(flowrun::description<sum>& d) {
    d.doc("Adds up the steps of a clip.").scope(flowrun::scope::stream).temporal();
    d.param("marker", &sum::marker, "a line is appended to this file for each clip; empty: none");
    d.gather(&sum::run, {"step"}, {"sum"});
  }
  sum_value run(const flowrun::table<step_value>& steps) const {
    probe::append(marker, steps.empty() ? "nothing" : steps[0].from);
    sum_value v;
    for (std::size_t i = 0; i < steps.size(); ++i) {
      v.difference += steps[i].difference;
      v.last = steps[i].to;
    }
    v.steps = static_cast<std::int64_t>(steps.size());
    if (!steps.empty()) v.first = steps[0].from;
    return v;
  }
};

}  // namespace clips

FLOWRUN_PLUGIN("clips", "0.1.0", clips::read, clips::pass, clips::step, clips::sum)
