#include "random_models.hpp"

#include <algorithm>
#include <array>
#include <mutex>
#include <random>
#include <set>
#include <thread>

#include "device/device_state.hpp"

namespace random_stages {

// A row: mark of its stage, item, number of the row, value; then a 1 for each value more that it has, and 0 beside it.
// Never all zero, so a hole is known.
static constexpr std::size_t row_values = 4;
static constexpr std::int64_t longest_row = 16;

std::size_t rows_of(std::uint64_t item, int stage, int most) {
  std::uint64_t dice = mix(mix(item, 99), static_cast<std::uint64_t>(stage)) >> 18;
  return static_cast<std::size_t>(dice % static_cast<std::uint64_t>(most + 1));
}

std::size_t size_of(std::uint64_t item, int stage, std::size_t row, row_sizes sizes) {
  if (sizes == row_sizes::one) return row_values;
  const std::uint64_t dice = mix(mix(item, 55 + row), static_cast<std::uint64_t>(stage)) >> 19;
  return row_values + dice % (longest_row - row_values + 1);
}

const flowrun::model_file& test_model(row_sizes sizes) {
  static const std::vector<flowrun::model_file> files = [] {
    const flowrun::dimension one{row_values, row_values}, any{row_values, longest_row};
    std::vector<flowrun::model_file> all(3);
    for (flowrun::model_file& m : all) m.name = "test";
    for (auto ports : {&flowrun::model_file::inputs, &flowrun::model_file::outputs}) {
      (all[0].*ports).push_back({"values", flowrun::dtype::float32, {one}, {}});
      (all[1].*ports).push_back({"values", flowrun::dtype::float32, {any}, {}});
      (all[2].*ports).push_back({"values", flowrun::dtype::float32, {any}, {}});
    }
    all[1].inputs[0].buckets = {6, longest_row};
    return all;
  }();
  return files[static_cast<std::size_t>(sizes)];
}

// Of a row as large, with its bucket.
static std::size_t width_of(std::size_t size, row_sizes sizes) {
  if (sizes != row_sizes::buckets) return size;
  return size <= 6 ? 6 : static_cast<std::size_t>(longest_row);
}

namespace {

class checking_session : public flowrun::session {
 public:
  explicit checking_session(const session_settings& s) : s_(s) {}

  flowrun::run_result run(std::span<const flowrun::tensor> in, std::size_t rows,
                          std::vector<flowrun::tensor>& out) noexcept override {
    using flowrun::run_outcome;
    if (released) violation = "a session was called after it was given back";
    jitter(s_.jitter_mode);
    std::unique_lock lock(mutex_);
    auto dice = [this] { return static_cast<int>(random_() >> 8) % 100; };
    if (s_.oom_above > 0 && rows > s_.oom_above) return {run_outcome::out_of_memory, "more rows than fit"};
    if (rows > 1 && dice() < s_.oom_percent) return {run_outcome::out_of_memory, "no memory this time"};
    if (dice() < s_.fail_percent) return {run_outcome::failed, session_fault};
    const auto width = static_cast<std::size_t>(in[0].shape[1]);
    out.assign(1, flowrun::make_tensor(flowrun::dtype::float32, in[0].shape));
    auto from = in[0].values<const float>();
    std::copy(from.begin(), from.end(), out[0].values<float>().begin());
    for (std::size_t k = 0; k < rows; ++k) look_at(from.subspan(k * width, width));
    return {};
  }
  flowrun::vram_need need(std::size_t) const override { return {}; }
  std::atomic<int> released{0};

 private:
  void look_at(std::span<const float> row) {
    if (std::all_of(row.begin(), row.end(), [](float v) { return v == 0; })) return;  // a hole
    if (row[0] != static_cast<float>(s_.stage + 1)) violation = "a session saw a row nobody prepared for it";
    if (!seen_.insert({row[1], row[2]}).second) violation = "a row went through its session twice";
    const auto end = std::find_if(row.begin() + row_values, row.end(), [](float v) { return v != 1; });
    if (width_of(static_cast<std::size_t>(end - row.begin()), s_.sizes) != row.size())
      violation = "a row went through its session in another shape";
    if (std::any_of(end, row.end(), [](float v) { return v != 0; })) violation = "beside a row there were no zeros";
  }
  session_settings s_;
  std::mutex mutex_;
  std::minstd_rand random_{17};
  std::set<std::pair<float, float>> seen_;
};

struct model_settings : settings {
  int most_rows = 1, sizes = 0;
  template <class T> static void declare(flowrun::description<T>& d) {
    settings::declare(d);
    d.param("rows", &model_settings::most_rows, "most rows of an item").range(0, 20);
    d.param("sizes", &model_settings::sizes, "of rows, a row_sizes").range(0, 2);
  }
  // Half of the faults are prepare's, at its last row, the other half finish's.
  bool fails_early(std::uint64_t item) const { return mix(item, 5) % 2 == 0; }
  std::size_t count(std::uint64_t item) const { return rows_of(item, stage, most_rows); }
  std::size_t size(std::uint64_t item, std::size_t i) const {
    return size_of(item, stage, i, static_cast<row_sizes>(sizes));
  }
  flowrun::row_shapes shape(std::uint64_t item, std::size_t i) const {
    if (sizes == 0) return {};
    return {{static_cast<std::int64_t>(size(item, i))}};
  }
  void write(std::uint64_t item, double sum, std::size_t i, flowrun::row& row) const {
    jitter(jitter_mode);
    auto to = row.values();
    const std::size_t mine = size(item, i);
    if (to.size() != width_of(mine, static_cast<row_sizes>(sizes))) {
      violation = "a row was given in another shape than asked for";
      return;
    }
    std::fill(to.begin() + row_values, to.begin() + static_cast<std::ptrdiff_t>(mine), 1.f);
    to[0] = static_cast<float>(stage + 1);
    to[1] = static_cast<float>(item);
    to[2] = static_cast<float>(i);
    to[3] = static_cast<float>(sum);
    if (i + 1 == count(item) && fails_early(item)) decide(item, stage, chances(), jitter_mode, 0);
  }
  number read(std::uint64_t item, double sum, std::span<const std::size_t> notes,
              const flowrun::result_rows& rows) const {
    if (rows.size() != count(item) || notes.size() != rows.size())
      violation = "an item got another number of rows back";
    for (std::size_t i = 0; i < rows.size(); ++i)
      if (notes[i] != i || rows[i][1] != static_cast<float>(item) || rows[i][2] != static_cast<float>(i) ||
          rows[i][3] != static_cast<float>(sum) ||
          rows.shape(i).at(0) != static_cast<std::int64_t>(width_of(size(item, i), static_cast<row_sizes>(sizes))))
        violation = "a row came back to another item, or changed";
    return decide(item, stage, chances(), jitter_mode, sum);
  }
};

struct model : model_settings {
  static constexpr auto name = "model";
  static void describe(flowrun::description<model>& d) {
    declare(d);
    d.model("net", &model::prepare, &model::finish, {"a"}, {"out"});
  }
  std::size_t rows(const number& a) const { return count(a.item); }
  flowrun::row_shapes shapes(const number& a, std::size_t i) const { return shape(a.item, i); }
  std::size_t prepare(const number& a, std::size_t i, flowrun::row& row, const flowrun::item_info& item) const {
    write(item.seq, take(a, item), i, row);
    return i;
  }
  number finish(const number& a, std::span<const std::size_t> notes, const flowrun::result_rows& rows,
                const flowrun::item_info& item) const {
    return read(item.seq, take(a, item), notes, rows);
  }
};

struct model_two : model_settings {
  static constexpr auto name = "model_two";
  static void describe(flowrun::description<model_two>& d) {
    declare(d);
    d.model("net", &model_two::prepare, &model_two::finish, {"a", "b"}, {"out"});
  }
  std::size_t rows(const number& a, const number&) const { return count(a.item); }
  flowrun::row_shapes shapes(const number& a, const number&, std::size_t i) const { return shape(a.item, i); }
  std::size_t prepare(const number& a, const number& b, std::size_t i, flowrun::row& row,
                      const flowrun::item_info& item) const {
    write(item.seq, take(a, item) + take(b, item), i, row);
    return i;
  }
  number finish(const number& a, const number& b, std::span<const std::size_t> notes, const flowrun::result_rows& rows,
                const flowrun::item_info& item) const {
    return read(item.seq, take(a, item) + take(b, item), notes, rows);
  }
};

// Its first network once, then rows through the second, in calls of one row and of two.
struct lane : model_settings {
  static constexpr auto name = "lane";
  static void describe(flowrun::description<lane>& d) {
    declare(d);
    d.model("first");
    d.model("second").batch(2);
    d.device(&lane::run, {"a", "b"}, {"out"});
  }
  number run(const number& a, const number& b, flowrun::lane& on, const flowrun::item_info& item) const {
    const double sum = take(a, item) + take(b, item);
    if (fails_early(item.seq)) decide(item.seq, stage, chances(), jitter_mode, 0);
    auto at = call(on, "first", item.seq, 0, 1, sum);
    for (std::size_t i = 0, n = count(item.seq); i < n;) {
      const std::size_t rows = n - i > 1 && i % 3 == 0 ? 2 : 1;
      at = call(on, "second", item.seq, i, rows, at[3]);
      i += rows;
    }
    if (at[3] != static_cast<float>(sum)) violation = "a call gave another item's rows";
    return decide(item.seq, stage, chances(), jitter_mode, sum);
  }
  std::array<float, row_values> call(flowrun::lane& on, const char* model, std::uint64_t item, std::size_t first,
                                     std::size_t rows, double sum) const {
    const std::size_t each = size(item, first);
    flowrun::tensor t = flowrun::make_tensor(flowrun::dtype::float32,
                                             {static_cast<std::int64_t>(rows), static_cast<std::int64_t>(each)});
    for (std::size_t k = 0; k < rows; ++k) {
      float* row = &t.values<float>()[k * each];
      std::fill_n(row, each, 1.f);
      row[0] = static_cast<float>(stage + 1);
      row[1] = static_cast<float>(item);
      row[2] = static_cast<float>(first + k);
      row[3] = static_cast<float>(sum);
    }
    const std::vector<flowrun::tensor> out = on.session(model).run({t});
    const auto back = out.at(0).values<const float>(), given = t.values<const float>();
    const std::size_t width = back.size() / rows;
    bool same = width == width_of(each, static_cast<row_sizes>(sizes));
    for (std::size_t k = 0; same && k < rows; ++k)
      same = std::equal(&given[k * each], &given[k * each] + each, &back[k * width]);
    if (!same) violation = "rows came back changed";
    return {back[0], back[1], back[2], back[3]};
  }
};

}  // namespace

bool is_session_fault(const std::string& reason) {
  return reason == session_fault || reason == std::string("the model 'test' failed: ") + session_fault ||
         reason.rfind("the model 'test' does not fit the device's memory: ", 0) == 0;
}

int releases_of(const flowrun::core::model_run& m) {
  const auto& s = m.session ? m.session : m.networks.at(0).session;
  return dynamic_cast<const checking_session&>(*s).released;
}

static std::function<void()> release_of(std::vector<std::shared_ptr<flowrun::session>> sessions) {
  return [sessions = std::move(sessions)] {
    for (const auto& s : sessions) ++dynamic_cast<checking_session&>(*s).released;
  };
}

static std::shared_ptr<flowrun::core::device_state> make_device(std::uint64_t pool) {
  flowrun::core::device_spec device;
  device.kind = "sim";
  device.memory = 1 << 20;
  auto made = std::make_shared<flowrun::core::device_state>(device);
  made->set_pool(pool);
  return made;
}

std::shared_ptr<flowrun::session> make_session(const session_settings& s) {
  return std::make_shared<checking_session>(s);
}

flowrun::core::model_run plan_model(generator& g, int stage, int jitter_mode, row_sizes sizes) {
  flowrun::core::model_run m;
  m.file = &test_model(sizes);
  m.batch = static_cast<std::size_t>(g.one_of(1, 2, 3, 8, 16, 128, 256));
  m.slots = 1 + g.below(4);
  m.lanes = m.slots + g.below(3);
  session_settings s;
  s.stage = stage;
  s.jitter_mode = jitter_mode;
  s.sizes = sizes;
  s.fail_percent = g.one_of(0, 0, 10);
  s.oom_above = static_cast<std::size_t>(g.one_of(0, 0, 1, 5));
  s.oom_percent = g.one_of(0, 0, 20);
  m.session = make_session(s);
  m.release = release_of({m.session});
  if (g.below(2)) return m;
  m.per_row = 10;
  m.fixed = 100;
  m.on = make_device((m.fixed + m.batch * m.per_row) * static_cast<std::uint64_t>(1 + g.below(m.slots)));
  return m;
}

flowrun::core::model_run plan_lanes(generator& g, int stage, int jitter_mode, row_sizes sizes) {
  flowrun::core::model_run m;
  m.slots = 1 + g.below(4);
  m.lanes = m.slots + g.below(3);
  session_settings s;
  s.stage = stage;
  s.jitter_mode = jitter_mode;
  s.sizes = sizes;
  s.fail_percent = g.one_of(0, 0, 5);
  s.oom_above = static_cast<std::size_t>(g.one_of(0, 0, 1));
  s.oom_percent = g.one_of(0, 0, 20);
  for (std::size_t rows : {1, 2})
    m.networks.push_back({rows == 1 ? "first" : "second", {&test_model(sizes), nullptr}, make_session(s), rows});
  m.release = release_of({m.networks[0].session, m.networks[1].session});
  if (g.below(2)) return m;
  m.fixed = 100;
  m.on = make_device(m.fixed * static_cast<std::uint64_t>(1 + g.below(m.slots)));
  return m;
}

std::vector<flowrun::stage_info> model_stages() {
  return flowrun::detail::all_stages<model, model_two, lane>();
}

}  // namespace random_stages
