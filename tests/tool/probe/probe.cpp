// Stages for tests of whole runs: they tell from outside what was run, in which order, and can be made to fail, to wait
// or to break at a chosen point.
#include <cstdio>
#include <flowrun/atomic_file.hpp>

#include "probe.hpp"

namespace probe {

struct count_value {
  static constexpr auto port = "probe.count/1";
  std::int64_t items = 0, sum = 0;
  static void fields(flowrun::fields<count_value>& f) {
    f.field("items", &count_value::items, "of the stream so far").field("sum", &count_value::sum, "of their sums");
  }
};

struct join_value {
  static constexpr auto port = "probe.join/1";
  std::string key;
  std::int64_t items = 0, sum = 0, own = 0;
  static void fields(flowrun::fields<join_value>& f) {
    f.field("key", &join_value::key).field("items", &join_value::items).field("sum", &join_value::sum);
    f.field("own", &join_value::own, "the item's own sum");
  }
};

struct total_value {
  static constexpr auto port = "probe.total/1";
  std::int64_t rows = 0;
  double sum = 0;
  std::string first, last;
  static void fields(flowrun::fields<total_value>& f) {
    f.field("rows", &total_value::rows).field("sum", &total_value::sum);
    f.field("first", &total_value::first).field("last", &total_value::last);
  }
};

struct share_value {
  static constexpr auto port = "probe.share/1";
  double share = 0;
  static void fields(flowrun::fields<share_value>& f) { f.field("share", &share_value::share, "of the run's sum"); }
};

struct mark : common {
  static constexpr auto name = "mark";
  int pad = 0;
  std::int64_t offset = 0;

  static void describe(flowrun::description<mark>& d) {
    d.doc("Sums up a picture and notes that it was called.");
    declare(d);
    d.param("pad", &mark::pad, "bytes that fill up the value").range(0, 10'000'000);
    d.param("offset", &mark::offset, "added to the sum");
    d.run(&mark::run, {"image"}, {"mark"});
  }
  mark_value run(const flowrun::image& in, const flowrun::item_info& item) const {
    note(item);
    mark_value v{std::string(item.key), std::string(static_cast<std::size_t>(pad), '.'), in.width, in.height, offset};
    for (int y = 0; y < in.height; ++y)
      for (int x = 0; x < in.width * in.channels; ++x) v.sum += in.row(y)[x];
    return v;
  }
};

struct count : common {
  static constexpr auto name = "count";

  static void describe(flowrun::description<count>& d) {
    d.doc("Counts the items of a stream, in order.");
    declare(d);
    d.run(&count::run, {"mark"}, {"count"});
  }
  count_value run(const mark_value& in, const flowrun::item_info& item) {
    note(item);
    so_far_.items += 1;
    so_far_.sum += in.sum;
    return so_far_;
  }

 private:
  count_value so_far_;
};

struct join : common {
  static constexpr auto name = "join";

  static void describe(flowrun::description<join>& d) {
    d.doc("Joins a mark and a count.");
    declare(d);
    d.run(&join::run, {"mark", "count"}, {"join"});
  }
  join_value run(const mark_value& mark, const count_value& count, const flowrun::item_info& item) const {
    note(item);
    return {mark.key, count.items, count.sum, mark.sum};
  }
};

struct write : common {
  static constexpr auto name = "write";

  static void describe(flowrun::description<write>& d) {
    d.doc("Writes a file for each item.");
    declare(d);
    d.run(&write::run, {"join"});
  }
  void open(const flowrun::stage_context& context) {
    folder_ = std::filesystem::path(context.out) / context.stage;
    std::filesystem::create_directories(folder_);
  }
  void run(const join_value& in, const flowrun::item_info& item) const {
    note(item);
    std::string text = in.key + " " + std::to_string(in.items) + " " + std::to_string(in.sum) + "\n", hex;
    for (unsigned char c : in.key) {
      char two[3];
      std::snprintf(two, sizeof two, "%02x", static_cast<unsigned>(c));
      hex += two;
    }
    flowrun::write_file_atomically(folder_ / (hex + ".txt"), text.data(), text.size());
  }

 private:
  std::filesystem::path folder_;
};

// What a gather can be told: to touch a file and then to wait, so that someone outside can meet it there.
struct gathering {
  std::string marker;
  int wait_ms = 0;
  bool fail = false;

  template <class T> static void declare(flowrun::description<T>& d) {
    d.param("marker", &T::marker, "a line is appended to this file when the gather begins; empty: none");
    d.param("wait_ms", &T::wait_ms, "after that").range(0, 60'000);
    d.param("fail", &T::fail, "throw");
  }
  void begin() const {
    append(marker, "gather");
    pause(wait_ms * 1000);
    if (fail) throw std::runtime_error("the probe was told to fail");
  }
};

struct total : gathering {
  static constexpr auto name = "total";
  double factor = 1;

  static void describe(flowrun::description<total>& d) {
    d.doc("Adds up the joins of a run.");
    declare(d);
    d.param("factor", &total::factor, "of the sum");
    d.gather(&total::run, {"join"}, {"total"});
  }
  total_value run(const flowrun::table<join_value>& in) const {
    begin();
    total_value v;
    for (std::size_t i = 0; i < in.size(); ++i) v.sum += factor * static_cast<double>(in[i].own);
    v.rows = static_cast<std::int64_t>(in.size());
    if (!in.empty()) v.first = in.key(0), v.last = in.key(in.size() - 1);
    return v;
  }
};

struct share : gathering {
  static constexpr auto name = "share";

  static void describe(flowrun::description<share>& d) {
    d.doc("Each item's share of the run's sum; none for an item without any.");
    declare(d);
    d.gather(&share::run, {"mark"}, {"share"});
  }
  flowrun::rows<share_value> run(const flowrun::table<mark_value>& in) const {
    begin();
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < in.size(); ++i) sum += in[i].sum;
    flowrun::rows<share_value> out;
    for (std::size_t i = 0; i < in.size(); ++i)
      if (in[i].sum == 0)
        out.values.emplace_back();
      else
        out.values.push_back(share_value{static_cast<double>(in[i].sum) / static_cast<double>(sum)});
    return out;
  }
};

struct broken {
  static constexpr auto name = "broken";
  std::string at = "nowhere";

  static void describe(flowrun::description<broken>& d) {
    d.doc("Breaks where it is told.");
    d.param("at", &broken::at, "where").one_of({"nowhere", "open", "input", "run", "number", "run_error", "close"});
    d.run(&broken::run, {"image"}, {"count"});
  }
  void open(const flowrun::stage_context&) const {
    if (at == "open") throw std::runtime_error("the probe was told to break");
    if (at == "input") throw flowrun::input_error("the probe misses its input");
  }
  count_value run(const flowrun::image&) const {
    if (at == "run") throw std::runtime_error("the probe was told to break");
    if (at == "number") throw 7;
    if (at == "run_error") throw flowrun::run_error("the probe's disk is gone");
    return {1, 1};
  }
  void close() const {
    if (at == "close") throw std::runtime_error("the probe was told to break");
  }
};

}  // namespace probe

FLOWRUN_PLUGIN("probe", "1.0.0", probe::mark, probe::count, probe::join, probe::write, probe::total, probe::share,
               probe::broken)
