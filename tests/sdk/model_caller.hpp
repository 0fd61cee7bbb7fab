// Calls a model stage's two functions as the runtime does, for the tests of the code that d.model() generates.
#pragma once
#include <flowrun/plugin.hpp>

namespace model_caller {

using flowrun::item_info;
using flowrun::result_rows;
using flowrun::row;
using flowrun::status;

inline flowrun::model_file two_values() {
  flowrun::model_file m;
  m.name = "two";
  m.inputs.push_back({"in", flowrun::dtype::float32, {{2, 2}}, {}});
  m.outputs.push_back({"out", flowrun::dtype::float32, {{2, 2}}, {}});
  return m;
}

// Gives every row a buffer of its own, and writes down how it was asked.
class listed_rows : public flowrun::row_taker {
 public:
  explicit listed_rows(const flowrun::model_file& file) : format_{&file, nullptr} {}
  void begin(std::size_t rows) override {
    asked += "begin " + std::to_string(rows) + ";";
    values.assign(rows, {});
  }
  row take(std::size_t i, const flowrun::row_shapes& shapes) override {
    asked += " " + std::to_string(i);
    for (const auto& shape : shapes) asked += flowrun::detail::shape_text(shape);
    at_ = values.at(i).data();
    return {format_, &at_};
  }
  std::string asked;
  std::vector<std::array<float, 2>> values;

 private:
  flowrun::row_format format_;
  void* at_ = nullptr;
};

template <class T> class caller {
 public:
  explicit caller(std::vector<const void*> inputs) : in(std::move(inputs)), rows(file) {}

  status prepare() {
    reason = "left from before";
    flowrun::prepare_frame frame{in.data(), &item, &rows, &notes, &reason, false};
    const status answered = info.call_prepare(info, &object, frame);
    stops_run = frame.stop_run;
    return answered;
  }
  // The network answers with what it was given.
  status finish() {
    std::vector<flowrun::result_row> back;
    for (const auto& values : rows.values) {
      flowrun::tensor t = flowrun::make_tensor(flowrun::dtype::float32, {1, 2});
      std::copy(values.begin(), values.end(), t.values<float>().begin());
      back.push_back({std::make_shared<const std::vector<flowrun::tensor>>(1, t), 0});
    }
    const result_rows results(file, back);
    out.assign(info.outputs.size(), {});
    flowrun::finish_frame frame{in.data(), out.data(), &item, &results, notes.get(), &reason, false};
    const status answered = info.call_finish(info, &object, frame);
    stops_run = frame.stop_run;
    return answered;
  }
  template <class V> const V& get(std::size_t output = 0) const {
    return *static_cast<const V*>(out.at(output).value.get());
  }

  const flowrun::stage_info info = flowrun::description<T>::made();
  T object;
  const flowrun::model_file file = two_values();
  std::vector<const void*> in;
  item_info item{"a.jpg", "photos", {}, 7, 0};
  listed_rows rows;
  std::shared_ptr<void> notes;
  std::string reason;
  bool stops_run = false;
  std::vector<flowrun::payload> out;
};

}  // namespace model_caller
