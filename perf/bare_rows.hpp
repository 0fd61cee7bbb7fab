// Rows of a plain loop that wait for the next call of their network, which has one input.
#pragma once
#include <flowrun/rows.hpp>

#include "bare_network.hpp"
#include "model/preprocess.hpp"

namespace bare {

class waiting_rows {
 public:
  waiting_rows(network& with, std::size_t batch)
      : with_(with), batch_(batch), format_{&with.model, flowrun::core::put_image} {
    const flowrun::model_port& input = with.model.inputs.at(0);
    std::vector<std::int64_t> shape = {static_cast<std::int64_t>(batch)};
    for (const flowrun::dimension& d : input.shape) shape.push_back(d.high);
    input_ = with.session->make_input(input.type, std::move(shape));
    for (std::size_t i = 0; i < batch; ++i)
      places_.push_back(static_cast<char*>(input_.data.get()) + i * input.row_bytes());
  }

  bool empty() const { return answers_.empty(); }
  bool full() const { return answers_.size() == batch_; }

  // A row to be written; `answer` gets what the network says of it, once call() has been called.
  flowrun::row add(flowrun::result_row& answer) {
    answers_.push_back(&answer);
    return {format_, &places_[answers_.size() - 1]};
  }

  void call() {
    flowrun::tensor in = input_;
    in.shape[0] = static_cast<std::int64_t>(answers_.size());
    std::vector<flowrun::tensor> out;
    const flowrun::run_result r = with_.session->run({&in, 1}, answers_.size(), out);
    if (r.outcome != flowrun::run_outcome::ok) throw std::runtime_error(with_.model.name + ": " + r.text);
    const auto outputs = std::make_shared<const std::vector<flowrun::tensor>>(std::move(out));
    for (std::size_t i = 0; i < answers_.size(); ++i) *answers_[i] = {outputs, i};
    answers_.clear();
  }

 private:
  network& with_;
  const std::size_t batch_;
  const flowrun::row_format format_;
  flowrun::tensor input_;
  std::vector<void*> places_;                  // of the rows of a batch
  std::vector<flowrun::result_row*> answers_;  // of those that wait
};

}  // namespace bare
