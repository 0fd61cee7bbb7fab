#include "random_models.hpp"

#include <algorithm>
#include <array>
#include <mutex>
#include <random>
#include <set>
#include <thread>

#include "device/device_state.hpp"

namespace random_stages {

// A row: mark of its stage, item, number of the row, value. Never all zero, so a hole is known.
static constexpr int row_values = 4;

std::size_t rows_of(std::uint64_t item, int stage, int most) {
  std::uint64_t dice = mix(mix(item, 99), static_cast<std::uint64_t>(stage)) >> 18;
  return static_cast<std::size_t>(dice % static_cast<std::uint64_t>(most + 1));
}

const flowrun::model_file& test_model() {
  static const flowrun::model_file file = [] {
    flowrun::model_file m;
    m.name = "test";
    m.inputs.push_back({"values", flowrun::dtype::float32, {{row_values, row_values}}, {}});
    m.outputs.push_back({"values", flowrun::dtype::float32, {{row_values, row_values}}, {}});
    return m;
  }();
  return file;
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
    out.assign(1, flowrun::make_tensor(flowrun::dtype::float32, {static_cast<std::int64_t>(rows), row_values}));
    auto from = in[0].values<const float>();
    auto to = out[0].values<float>();
    for (std::size_t k = 0; k < rows; ++k) {
      const float* row = &from[k * row_values];
      bool hole = row[0] == 0 && row[1] == 0 && row[2] == 0 && row[3] == 0;
      if (!hole && row[0] != static_cast<float>(s_.stage + 1)) violation = "a session saw a row nobody prepared for it";
      if (!hole && !seen_.insert({row[1], row[2]}).second) violation = "a row went through its session twice";
      for (std::size_t v = 0; v < row_values; ++v) to[k * row_values + v] = row[v];
    }
    return {};
  }
  flowrun::vram_need need(std::size_t) const override { return {}; }
  std::atomic<int> released{0};

 private:
  session_settings s_;
  std::mutex mutex_;
  std::minstd_rand random_{17};
  std::set<std::pair<float, float>> seen_;
};

struct model_settings : settings {
  int most_rows = 1;
  template <class T> static void declare(flowrun::description<T>& d) {
    settings::declare(d);
    d.param("rows", &model_settings::most_rows, "most rows of an item").range(0, 20);
  }
  // Half of the faults are prepare's, at its last row, the other half finish's.
  bool fails_early(std::uint64_t item) const { return mix(item, 5) % 2 == 0; }
  std::size_t count(std::uint64_t item) const { return rows_of(item, stage, most_rows); }
  void write(std::uint64_t item, double sum, std::size_t i, flowrun::row& row) const {
    jitter(jitter_mode);
    auto to = row.values();
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
          rows[i][3] != static_cast<float>(sum))
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
    flowrun::tensor t = flowrun::make_tensor(flowrun::dtype::float32, {static_cast<std::int64_t>(rows), row_values});
    for (std::size_t k = 0; k < rows; ++k) {
      float* row = &t.values<float>()[k * row_values];
      row[0] = static_cast<float>(stage + 1);
      row[1] = static_cast<float>(item);
      row[2] = static_cast<float>(first + k);
      row[3] = static_cast<float>(sum);
    }
    const std::vector<flowrun::tensor> out = on.session(model).run({t});
    const auto back = out.at(0).values<const float>(), given = t.values<const float>();
    if (!std::equal(back.begin(), back.end(), given.begin(), given.end())) violation = "rows came back changed";
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

flowrun::core::model_run plan_model(generator& g, int stage, int jitter_mode) {
  flowrun::core::model_run m;
  m.file = &test_model();
  m.batch = static_cast<std::size_t>(g.one_of(1, 2, 3, 8, 16, 128, 256));
  m.slots = 1 + g.below(4);
  m.lanes = m.slots + g.below(3);
  session_settings s;
  s.stage = stage;
  s.jitter_mode = jitter_mode;
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

flowrun::core::model_run plan_lanes(generator& g, int stage, int jitter_mode) {
  flowrun::core::model_run m;
  m.slots = 1 + g.below(4);
  m.lanes = m.slots + g.below(3);
  session_settings s;
  s.stage = stage;
  s.jitter_mode = jitter_mode;
  s.fail_percent = g.one_of(0, 0, 5);
  s.oom_above = static_cast<std::size_t>(g.one_of(0, 0, 1));
  s.oom_percent = g.one_of(0, 0, 20);
  for (std::size_t rows : {1, 2})
    m.networks.push_back({rows == 1 ? "first" : "second", {&test_model(), nullptr}, make_session(s), rows});
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
