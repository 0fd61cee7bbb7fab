// How a model stage's start() runs its network, before anything is read.
#pragma once
#include <functional>
#include <vector>

#include "rows.hpp"

namespace flowrun {

class model_calls {
 public:
  using prepare_function = std::function<void(std::size_t i, row& r)>;

  virtual ~model_calls() = default;
  virtual const model_file& model() const = 0;
  // Most rows of one call of the network: run() is at its best with a multiple of them.
  virtual std::size_t batch() const = 0;
  // Runs `rows` rows, each written by `prepare`, in as many calls as it takes. One tensor per output of the model, in
  // the order of its file; the first side counts the rows. What it throws ends the run: let it through.
  virtual std::vector<tensor> run(std::size_t rows, const prepare_function& prepare) const = 0;
};

}  // namespace flowrun
