// Model stages for tests of whole runs: every row says whose it is, and what comes back is looked at. Their models are
// run by an echo: the sim backend, or `flaky`, which fails now and then.
#include "../probe/probe.hpp"
#include "flaky_backend.hpp"

namespace probe_models {

// What came back of an item's rows.
struct sums_value {
  static constexpr auto port = "probe_models.sums/1";
  std::string key;
  std::int64_t rows = 0, sum = 0;
  static void fields(flowrun::fields<sums_value>& f) {
    f.field("key", &sums_value::key, "of the item").field("rows", &sums_value::rows, "the item had");
    f.field("sum", &sums_value::sum, "of the last value of each row");
  }
};

// A row: the item's hash in two values that a float holds exactly, the row's number, and what is summed up.
constexpr std::size_t row_values = 4;
using row_content = std::array<float, row_values>;

row_content content_of(std::string_view key, std::size_t row, std::int64_t value) {
  std::uint64_t hash = 14695981039346656037u;
  for (unsigned char c : key) hash = (hash ^ c) * 1099511628211u;
  auto low24 = [](std::uint64_t n) { return static_cast<float>(n & 0xffffff); };
  return {low24(hash >> 24), low24(hash), static_cast<float>(row), low24(static_cast<std::uint64_t>(value))};
}

// What prepare remembers of a row until finish.
struct row_note {
  std::size_t number = 0;
  row_content content{};
};

std::int64_t brightness(const flowrun::image& in) {
  std::int64_t sum = 0;
  for (int y = 0; y < in.height; ++y)
    for (int x = 0; x < in.width * in.channels; ++x) sum += in.row(y)[x];
  return sum;
}

using answers = std::tuple<sums_value, probe::mark_value>;

// What both stages can be told. `file`, `sleep_us`, `fail` and `skip` are finish's, which is called once for each item
// whatever its rows.
struct model_common : probe::common {
  int row_count = 1, pixels = 0, pad = 0, prepare_us = 0;
  std::string fail_prepare, skip_prepare;

  template <class T> static void declare_all(flowrun::description<T>& d) {
    declare(d);
    d.param("rows", &T::row_count, "of each item").range(0, 20);
    d.param("pixels", &T::pixels, "above 0: an item has a row for so many pixels of its picture").range(0, 1'000'000);
    d.param("pad", &T::pad, "bytes that fill up the mark").range(0, 10'000'000);
    d.param("prepare_us", &T::prepare_us, "of each row, after it was written").range(0, 60'000'000);
    d.param("fail_prepare", &T::fail_prepare, "items whose key holds this fail at their last row");
    d.param("skip_prepare", &T::skip_prepare, "items whose key holds this are skipped at their last row");
  }
  std::size_t count_rows(const flowrun::image& in) const {
    return static_cast<std::size_t>(pixels > 0 ? in.width * in.height / pixels : row_count);
  }
  row_note write_row(const flowrun::image& in, std::size_t i, const flowrun::row& to, std::int64_t value,
                     const flowrun::item_info& item) const {
    row_note note{i, content_of(item.key, i, value)};
    std::span<float> values = to.values();
    if (values.size() != row_values) throw std::logic_error("the probe's models have inputs of 4 values");
    std::copy(note.content.begin(), note.content.end(), values.begin());
    probe::pause(prepare_us);
    if (i + 1 == count_rows(in)) {
      if (probe::holds(item.key, fail_prepare)) throw std::runtime_error("the probe was told to fail in prepare");
      if (probe::holds(item.key, skip_prepare)) throw flowrun::skip("the probe was told to skip in prepare");
    }
    return note;
  }
  answers read_rows(const flowrun::image& in, std::span<const row_note> notes, const flowrun::result_rows& rows,
                    const flowrun::item_info& item) const {
    note(item);
    std::size_t n = count_rows(in);
    if (rows.size() != n || notes.size() != n)
      throw std::logic_error("of " + std::to_string(n) + " rows came " + std::to_string(rows.size()) + " back with " +
                             std::to_string(notes.size()) + " notes");
    sums_value v{std::string(item.key), static_cast<std::int64_t>(n), 0};
    for (std::size_t i = 0; i < n; ++i) {
      std::span<const float> back = rows[i];
      if (notes[i].number != i ||
          !std::equal(back.begin(), back.end(), notes[i].content.begin(), notes[i].content.end()))
        throw std::logic_error("row " + std::to_string(i) + " of " + v.key + " came back as another's");
      v.sum += static_cast<std::int64_t>(back[row_values - 1]);
    }
    return {v, probe::mark_value{v.key, std::string(static_cast<std::size_t>(pad), '.'), in.width, in.height, v.sum}};
  }
};

struct sums : model_common {
  static constexpr auto name = "sums";

  static void describe(flowrun::description<sums>& d) {
    d.doc("Sums up a picture once for each row.");
    declare_all(d);
    d.model("net", &sums::prepare, &sums::finish, {"image"}, {"sums", "mark"}).file("echo").task("probe").batch(32);
  }
  std::size_t rows(const flowrun::image& in) const { return count_rows(in); }
  row_note prepare(const flowrun::image& in, std::size_t i, flowrun::row& to, const flowrun::item_info& item) const {
    return write_row(in, i, to, brightness(in), item);
  }
  answers finish(const flowrun::image& in, std::span<const row_note> notes, const flowrun::result_rows& rows,
                 const flowrun::item_info& item) const {
    return read_rows(in, notes, rows, item);
  }
};

struct pairs : model_common {
  static constexpr auto name = "pairs";

  static void describe(flowrun::description<pairs>& d) {
    d.doc("Adds what another stage summed up to a picture's own sum, once for each row.");
    declare_all(d);
    d.model("net", &pairs::prepare, &pairs::finish, {"image", "sums"}, {"sums", "mark"}).file("echo").batch(32);
  }
  std::size_t rows(const flowrun::image& in, const sums_value&) const { return count_rows(in); }
  row_note prepare(const flowrun::image& in, const sums_value& before, std::size_t i, flowrun::row& to,
                   const flowrun::item_info& item) const {
    if (before.key != item.key)
      throw std::logic_error("the sums of " + before.key + " came with " + std::string(item.key));
    return write_row(in, i, to, brightness(in) + before.sum, item);
  }
  answers finish(const flowrun::image& in, const sums_value&, std::span<const row_note> notes,
                 const flowrun::result_rows& rows, const flowrun::item_info& item) const {
    return read_rows(in, notes, rows, item);
  }
};

flowrun::tensor repeat(const flowrun::tensor& row, int n) {
  flowrun::tensor rows = flowrun::make_tensor(row.type, {n, row_values});
  const std::span<const float> values = row.values<const float>();
  for (int k = 0; k < n; ++k)
    std::copy(values.begin(), values.end(), &rows.values<float>()[std::size_t(k) * row_values]);
  return rows;
}

// One network once, and another for every row, with several rows in a call if it is told so.
struct steps : probe::common {
  static constexpr auto name = "steps";
  int row_count = 2, together = 1;
  bool fetch = true;

  static void describe(flowrun::description<steps>& d) {
    d.doc("Sums up a picture once for each row, by calls of its own.");
    declare(d);
    d.param("rows", &steps::row_count, "of each item").range(1, 20);
    d.param("together", &steps::together, "rows in one call of the decoder").range(1, 4);
    d.param("fetch", &steps::fetch, "what the decoder gave; else it is read where it lies");
    d.model("encoder").file("echo").task("probe");
    d.model("decoder").file("echo").batch(4);
    d.device(&steps::run, {"image"}, {"sums", "mark"});
  }
  answers run(const flowrun::image& in, flowrun::lane& on, const flowrun::item_info& item) const {
    note(item);
    const auto start = content_of(item.key, 0, brightness(in));
    flowrun::tensor row = flowrun::make_tensor(flowrun::dtype::float32, {1, row_values});
    std::copy(start.begin(), start.end(), row.values<float>().begin());
    flowrun::lane_session& encoder = on.session("encoder");
    flowrun::lane_session& decoder = on.session("decoder");
    const flowrun::tensor code = encoder.run({row}).at(0);
    sums_value v{std::string(item.key), row_count, 0};
    for (int i = 0; i < row_count; i += together) {
      const int n = std::min(together, row_count - i);
      const flowrun::tensor rows = n == 1 ? code : repeat(encoder.fetch(code), n);
      flowrun::tensor back = decoder.run({rows}).at(0);
      if (fetch) back = decoder.fetch(back);
      for (int k = 0; k < n; ++k) {
        const float* one = &back.values<const float>()[std::size_t(k) * row_values];
        if (!std::equal(start.begin(), start.end(), one)) throw std::logic_error("a row came back as another's");
        v.sum += static_cast<std::int64_t>(one[row_values - 1]);
      }
    }
    return {v, probe::mark_value{v.key, "", in.width, in.height, v.sum}};
  }
};

}  // namespace probe_models

FLOWRUN_BACKEND("flaky", probe_models::flaky_backend)
FLOWRUN_PLUGIN("probe_models", "1.0.0", probe_models::sums, probe_models::pairs, probe_models::steps)
