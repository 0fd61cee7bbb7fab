// A model stage with its parameters and a network that the test gives, called as the runtime calls it.
#pragma once
#include <cstring>
#include <utility>

#include "filled_rows.hpp"
#include "put_unresized.hpp"
#include "snapshot.hpp"
#include "stage.hpp"

namespace flowrun::testing {

// What the stage does against the rules of a model stage: one sentence.
struct stage_fault : std::logic_error {
  explicit stage_fault(const std::string& what) : std::logic_error(what) {}
};

namespace detail {

struct prepared {
  status answered = status::none;
  std::string reason;
  bool stops_run = false;
  std::vector<filled_row> rows;
  std::shared_ptr<void> notes;

  std::string text() const {
    return answered == status::value ? std::to_string(rows.size()) + " rows"
                                     : std::string(status_name(answered)) + " (" + reason + ")";
  }
};

}  // namespace detail

// `m(in...)`, the same as `m.run(in...)`, goes through rows(), prepare(), the network and finish(). prepare() runs
// twice, on buffers of zeros and of 0xFF bytes: what it does not write shows. Throws stage_fault when it leaves values
// unwritten, answers otherwise the second time, or when an input has changed.
template <described_stage T> class model : public stage<T> {
 public:
  using put_function = decltype(row_format::put);

  // The network is a row_network or a tensor_network; a lambda that takes either span is one.
  template <class Network> model(model_file file, Network network, put_function put = &put_unresized)
      : file_(std::move(file)), format_{&file_, put}, network_(file_, std::move(network)) {
    const stage_info& s = this->info();
    if (s.shape != stage_shape::model) throw std::invalid_argument(s.name + " is not a model stage");
    const model_info& m = s.models[0];
    if (!m.task.empty() && file_.task != m.task)
      throw std::invalid_argument("the model '" + file_.name + "' is for " +
                                  (file_.task.empty() ? "no task" : "'" + file_.task + "'") + ", but '" + m.name +
                                  "' of " + s.name + " needs one for '" + m.task + "'");
    for (const auto* ports : {&file_.inputs, &file_.outputs})
      for (const model_port& p : *ports)
        if (!p.fixed() && !m.shapes)
          throw std::invalid_argument("the model '" + file_.name + "' has '" + p.name +
                                      "' of a shape with a range; rows of one size are batched");
  }

  // Most rows in one call of the network. As in a run, the rows of an item may lie in several.
  std::size_t batch = 2;

  template <class... In> answer operator()(const In&... in) { return this->run(in...); }

 protected:
  void check_run() const override {}
  void start() override {
    if (this->info().call_start) this->info().call_start(this->info(), &this->object(), calls_);
  }
  answer call(const void* const* in, const item_info& item) override {
    this->open();
    const std::vector<detail::snapshot> before = take_inputs(in);
    detail::prepared first = prepare(in, item, 0), again = prepare(in, item, 0xff);
    check_rows(first, again);
    check_inputs("prepare()", in, before);
    answer a;
    a.stage = &this->info();
    a.out.resize(this->info().outputs.size());
    a.answered = first.answered;
    a.reason = first.reason;
    a.stops_run = first.stops_run;
    if (a.answered != status::value) return a;
    a.rows = detail::join_rows(file_, first.rows);
    const std::vector<result_row> results = run_network(first.rows);
    const result_rows rows(file_, results);
    finish_frame frame{in, a.out.data(), &item, &rows, first.notes.get(), &a.reason, false};
    a.answered = this->info().call_finish(this->info(), &this->object(), frame);
    a.stops_run = frame.stop_run;
    check_inputs("finish()", in, before);
    return a;
  }

 private:
  detail::prepared prepare(const void* const* in, const item_info& item, int fill) {
    detail::prepared p;
    detail::filled_rows taker(file_, format_, fill);
    prepare_frame frame{in, &item, &taker, &p.notes, &p.reason, false};
    p.answered = this->info().call_prepare(this->info(), &this->object(), frame);
    p.stops_run = frame.stop_run;
    if (p.answered == status::value) p.rows = std::move(taker.rows);
    return p;
  }

  std::vector<result_row> run_network(const std::vector<detail::filled_row>& rows) {
    return detail::run_rows(network_, file_, rows, std::max<std::size_t>(batch, 1));
  }

  void check_rows(const detail::prepared& first, const detail::prepared& again) const {
    const std::string who = this->info().name + ": prepare() ";
    const bool alike =
        first.answered == again.answered && first.reason == again.reason && first.rows.size() == again.rows.size();
    if (!alike) throw stage_fault(who + "gave " + first.text() + ", and " + again.text() + " the second time");
    for (std::size_t i = 0; i < first.rows.size(); ++i) {
      if (first.rows[i].shapes != again.rows[i].shapes)
        throw stage_fault(this->info().name + ": shapes() asked for another row " + std::to_string(i) +
                          " the second time");
      for (std::size_t k = 0; k < file_.inputs.size(); ++k)
        check_values(who, "input '" + file_.inputs[k].name + "', row " + std::to_string(i), first.rows[i].inputs[k],
                     again.rows[i].inputs[k]);
    }
  }
  static void check_values(const std::string& who, const std::string& where, const tensor& first, const tensor& again) {
    const std::size_t size = dtype_bytes(first.type), values = first.count();
    const auto* a = static_cast<const unsigned char*>(first.data.get());
    const auto* b = static_cast<const unsigned char*>(again.data.get());
    for (std::size_t v = 0; v < values; ++v, a += size, b += size) {
      if (std::memcmp(a, b, size) == 0) continue;
      const std::string value = "value " + std::to_string(v) + " of " + where;
      const bool untouched = std::all_of(a, a + size, [](unsigned char c) { return c == 0; }) &&
                             std::all_of(b, b + size, [](unsigned char c) { return c == 0xff; });
      if (untouched) throw stage_fault(who + "does not write " + value);
      throw stage_fault(who + "writes another " + value + " the second time");
    }
  }

  // Of the inputs whose type has fields, images and tensors; others are compared by check_parallel().
  std::vector<detail::snapshot> take_inputs(const void* const* in) const {
    std::vector<detail::snapshot> all;
    for (std::size_t i = 0; i < this->info().inputs.size(); ++i) {
      const type_info& type = *this->info().inputs[i].type;
      all.emplace_back();
      if (in[i] && detail::has_snapshot(type))
        all[i] = detail::take_snapshot<std::tuple<>>(type, std::shared_ptr<const void>(std::shared_ptr<void>(), in[i]));
    }
    return all;
  }
  void check_inputs(const char* function, const void* const* in, const std::vector<detail::snapshot>& before) const {
    const std::vector<detail::snapshot> now = take_inputs(in);
    for (std::size_t i = 0; i < now.size(); ++i)
      if (const std::string d = detail::compare<std::tuple<>>(now[i], before[i]); !d.empty())
        throw stage_fault(this->info().name + ": " + function + " changed '" + this->info().inputs[i].name +
                          "', which other stages read too" + d);
  }

  // What start() calls.
  class network_calls : public model_calls {
   public:
    explicit network_calls(testing::model<T>& of) : of_(of) {}
    const model_file& model() const override { return of_.file_; }
    std::size_t batch() const override { return std::max<std::size_t>(of_.batch, 1); }
    std::vector<tensor> run(std::size_t rows, const prepare_function& prepare) const override {
      std::vector<tensor> all;
      for (const model_port& p : of_.file_.outputs) all.push_back(make_tensor(p.type, detail::batch_shape(p, rows)));
      detail::filled_rows taker(of_.file_, of_.format_, 0);
      taker.begin(rows);
      for (std::size_t i = 0; i < rows; ++i) {
        row r = taker.take(i, {});
        prepare(i, r);
      }
      if (rows == 0) return all;
      const std::vector<result_row> results = of_.run_network(taker.rows);
      for (std::size_t i = 0; i < rows; ++i)
        for (std::size_t o = 0; o < all.size(); ++o) {
          const std::size_t each = of_.file_.outputs[o].row_bytes();
          const tensor& given = (*results[i].outputs)[o];
          if (bytes(given) / static_cast<std::size_t>(given.shape[0]) != each)
            throw std::invalid_argument("the network gave less than the largest shape of output '" +
                                        of_.file_.outputs[o].name + "' for a row of the largest shape");
          const auto* from = static_cast<const char*>(given.data.get());
          std::memcpy(static_cast<char*>(all[o].data.get()) + i * each, from + results[i].index * each, each);
        }
      return all;
    }

   private:
    testing::model<T>& of_;
  };

  model_file file_;
  row_format format_;
  detail::checked_network network_;
  network_calls calls_{*this};
};

}  // namespace flowrun::testing
