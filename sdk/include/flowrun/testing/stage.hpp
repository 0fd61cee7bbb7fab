// A stage with its parameters, called as the runtime calls it.
#pragma once
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "../plugin.hpp"
#include "answer.hpp"
#include "param_check.hpp"

namespace flowrun::testing {

// A folder that goes with the test.
class temporary_folder {
 public:
  temporary_folder() {
    std::string name = (std::filesystem::temp_directory_path() / "flowrun-test-XXXXXX").string();
    if (!::mkdtemp(name.data())) throw std::runtime_error(name + ": cannot be made");
    path_ = name;
  }
  temporary_folder(const temporary_folder&) = delete;
  temporary_folder& operator=(const temporary_folder&) = delete;
  ~temporary_folder() {
    std::error_code error;
    std::filesystem::remove_all(path_, error);
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// What a gather reads: one port's values in item order, and the items' keys ("0", "1", ... if not given).
template <class T> struct column {
  std::vector<T> values;
  std::vector<std::string> keys = {};
};

template <described_stage T> class stage {
 public:
  stage() : info_(description<T>::made()), object_(std::make_unique<T>()) {
    for (const param_info& p : info_.params) {
      if (!p.required) detail::check_param(info_, p, p.default_value);
      given_.push_back(!p.required);
    }
    context.stage = info_.name;
    context.stop_requested = [] { return false; };
    context.log = [](log_level, std::string_view) {};
  }
  stage(const stage&) = delete;  // answers point to it
  stage& operator=(const stage&) = delete;
  virtual ~stage() = default;

  // What open() is told. `out` is a folder that is removed with the stage, unless another is set before the first call.
  stage_context context;

  const stage_info& info() const { return info_; }
  T& object() { return *object_; }

  template <class V> stage& set(std::string_view name, V&& value) {
    const std::size_t i = detail::find_param(info_, name);
    const param_info& p = info_.params[i];
    param_value v = detail::param_of(p, std::forward<V>(value));
    detail::check_param(info_, p, v);
    p.set(p.at, object_.get(), v);
    given_[i] = true;
    return *this;
  }

  // Calls open(), if the stage has one, and start() of a model stage; run(), list() and the others do it themselves
  // before the first call.
  void open() {
    if (open_) return;
    open_ = true;
    for (std::size_t i = 0; i < given_.size(); ++i)
      if (!given_[i])
        throw std::invalid_argument(info_.name + " needs the parameter '" + info_.params[i].name + "', " +
                                    detail::needed_value(info_.params[i]));
    if (info_.open) {
      if (context.out.empty()) {
        folder_ = std::make_unique<temporary_folder>();
        context.out = folder_->path().string();
      }
      info_.open(object_.get(), context);
    }
    start();
  }
  void close() {
    open();
    if (info_.close) info_.close(object_.get());
  }

  // One packet through a transform, a sink or a model stage; of a window, the previous and the current value. A const
  // stage may be called by several threads at once.
  template <class... In> answer run(const In&... in) { return run_as(some_item(), in...); }
  // The same as the given item: for stages that ask for a `const item_info&`.
  template <class... In> answer run_as(const item_info& item, const In&... in) {
    check_run();
    check_count(sizeof...(In));
    std::size_t i = 0;
    const void* inputs[] = {input(i++, in)..., nullptr};
    return call(inputs, item);
  }

  // Every item a source lists, until next() says there are no more.
  std::vector<std::shared_ptr<item_ref>> list() {
    check_source();
    open();
    std::vector<std::shared_ptr<item_ref>> all;
    while (auto ref = info_.call_next(info_, object_.get())) all.push_back(std::move(ref));
    return all;
  }
  answer load(const item_ref& ref) {
    check_source();
    const void* in[] = {&ref};
    return call(in, {ref.key, info_.name, {}, 0, ref.time_ns});
  }

  // Every frame of a sequence, in order: its reference (seq, time_ns) and what loading it came to.
  std::vector<std::pair<item_ref, answer>> read(const item_ref& medium) {
    check_source();
    if (!info_.open_sequence) throw std::invalid_argument(info_.name + " is a source without sequences");
    open();
    std::vector<std::pair<item_ref, answer>> all;
    const std::shared_ptr<void> reader = info_.open_sequence(info_, object_.get(), medium);
    for (item_ref frame; info_.next_frame(reader.get(), frame); frame = {}) {
      answer a;
      a.stage = &info_;
      a.out.resize(info_.outputs.size());
      const item_info item{medium.key, info_.name, medium.key, frame.seq, frame.time_ns};
      call_frame call{nullptr, a.out.data(), &a.reason, &item, false};
      a.answered = info_.load_frame(reader.get(), call);
      a.stops_run = call.stop_run;
      all.emplace_back(frame, std::move(a));
    }
    return all;
  }

  // A gather over one column per table. As in a run, the values come out of the store: encoded and decoded.
  template <class... In> gathered gather(const column<In>&... columns) {
    return gather_after(column<std::nullptr_t>{}, columns...);
  }
  // The same for one that takes `const earlier<Out>&`: `before` is what it gave the last time, by the keys of the first
  // table's rows; of a gather that gives one value, that one.
  template <class Out, class... In> gathered gather_after(const column<Out>& before, const column<In>&... columns) {
    if (!info_.call_gather) throw std::invalid_argument(info_.name + " is not a gather");
    check_count(sizeof...(In));
    open();
    std::size_t i = 0;
    const table_data tables[] = {table_of(i++, columns)...};
    std::vector<const table_data*> in;
    for (const table_data& t : tables) in.push_back(&t);
    std::vector<std::vector<payload>> out;
    std::vector<std::shared_ptr<const void>> known;
    if constexpr (!std::is_same_v<Out, std::nullptr_t>) known = earlier_of(before, tables[0]);
    gathered g;
    g.stage = &info_;
    gather_frame frame{in.data(), &out, &g.reason};
    frame.earlier = &known;
    g.answered = info_.call_gather(info_, object_.get(), frame);
    if (!out.empty()) g.rows = std::move(out[0]);
    return g;
  }

 protected:
  virtual void start() {}  // the last step of open()
  // Throws unless run() can call the stage.
  virtual void check_run() const {
    if (info_.shape == stage_shape::model)
      throw std::invalid_argument(info_.name + " is a model stage; call it by flowrun::testing::model");
    if (info_.shape == stage_shape::device)
      throw std::invalid_argument(info_.name + " is a device stage; call it by flowrun::testing::device");
    if (!info_.call || info_.shape == stage_shape::source)
      throw std::invalid_argument(info_.name + " has no run() of a transform or a sink");
  }
  virtual answer call(const void* const* in, const item_info& item) {
    open();
    answer a;
    a.stage = &info_;
    a.out.resize(info_.outputs.size());
    call_frame frame{in, a.out.data(), &a.reason, &item, false};
    a.answered = info_.call(info_, object_.get(), frame);
    a.stops_run = frame.stop_run;
    return a;
  }

 private:
  static item_info some_item() { return {"item", "source", {}, 0, 0}; }

  void check_count(std::size_t given) const {
    const bool window = info_.shape == stage_shape::window;
    if (given != (window ? 2 : info_.inputs.size()))
      throw std::invalid_argument(
          info_.name + " takes " +
          (window ? "the previous and the current value" : std::to_string(info_.inputs.size()) + " inputs") + ", not " +
          std::to_string(given));
  }
  // A window's one input has two values.
  const input_info& input_at(std::size_t i) const { return info_.inputs[std::min(i, info_.inputs.size() - 1)]; }
  void check_source() const {
    if (info_.shape != stage_shape::source) throw std::invalid_argument(info_.name + " is not a source");
  }
  template <class In> void check_input(std::size_t i) const {
    if (input_at(i).type->name != port_name<In>())
      throw std::invalid_argument("input '" + input_at(i).name + "' of " + info_.name + " takes " +
                                  input_at(i).type->name + ", not " + port_name<In>());
  }
  template <class In> const void* input(std::size_t i, const In& value) const {
    if constexpr (std::is_same_v<In, std::nullptr_t>) {
      if (!input_at(i).optional)
        throw std::invalid_argument("input '" + input_at(i).name + "' of " + info_.name + " is not optional");
      return nullptr;
    } else {
      check_input<In>(i);
      return &value;
    }
  }
  template <class In> table_data table_of(std::size_t i, const column<In>& c) const {
    check_input<In>(i);
    const type_info& type = *info_.inputs[i].type;
    if (!type.encode)
      throw std::invalid_argument("input '" + info_.inputs[i].name + "' of " + info_.name + " gathers " + type.name +
                                  ", which has no fields: it cannot be kept");
    return stored(type, c);
  }
  template <class Out>
  std::vector<std::shared_ptr<const void>> earlier_of(const column<Out>& before, const table_data& first) const {
    detail::find_output<Out>(info_, {});
    if (!info_.wants_earlier) throw std::invalid_argument(info_.name + " does not ask for what it gave the last time");
    const table_data known = stored(*info_.outputs[0].type, before);
    if (!info_.outputs[0].per_row) return known.values;
    std::vector<std::shared_ptr<const void>> values(first.keys.size());
    for (std::size_t row = 0; row < values.size(); ++row)
      for (std::size_t k = 0; k < known.keys.size(); ++k)
        if (known.keys[k] == first.keys[row]) values[row] = known.values[k];
    return values;
  }
  // As it comes out of the store.
  template <class V> static table_data stored(const type_info& type, const column<V>& c) {
    table_data t;
    t.keys = c.keys;
    for (std::size_t row = 0; row < c.values.size(); ++row) {
      const V value = c.values[row];
      std::string blob;
      type.encode(&value, blob);
      t.values.push_back(type.decode(blob));
      if (c.keys.empty()) t.keys.push_back(std::to_string(row));
    }
    if (t.keys.size() != t.values.size())
      throw std::invalid_argument("a column has as many keys as values, not " + std::to_string(t.keys.size()) +
                                  " for " + std::to_string(t.values.size()));
    return t;
  }

  stage_info info_;
  std::unique_ptr<T> object_;
  std::vector<bool> given_;
  bool open_ = false;
  std::unique_ptr<temporary_folder> folder_;
};

}  // namespace flowrun::testing
