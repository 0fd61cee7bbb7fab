#include "measure_network.hpp"

#include <algorithm>
#include <stdexcept>

#include "peak_memory.hpp"

namespace flowrun::core {

namespace {

std::string shape_text(const tensor& t) {
  std::string text;
  for (const std::int64_t side : t.shape) text += (text.empty() ? "" : ", ") + std::to_string(side);
  return "[" + text + "]";
}

run_result run_rows(session& network, const model_file& model, std::size_t rows, std::vector<tensor>& out) {
  out.clear();
  return network.run(make_rows(model, rows), rows, out);
}

bool counts_rows(const std::vector<tensor>& outputs, std::size_t rows) {
  return std::all_of(outputs.begin(), outputs.end(), [rows](const tensor& t) {
    return !t.shape.empty() && t.shape[0] == static_cast<std::int64_t>(rows);
  });
}

std::size_t bytes_of(const std::vector<tensor>& tensors) {
  std::size_t sum = 0;
  for (const tensor& t : tensors) sum += bytes(t);
  return sum;
}

}  // namespace

std::vector<tensor> make_rows(const model_file& model, std::size_t rows) {
  std::vector<tensor> made;
  for (const model_port& p : model.inputs) {
    std::vector<std::int64_t> shape = {static_cast<std::int64_t>(rows)};
    for (const dimension& d : p.shape) shape.push_back(d.high);
    made.push_back(make_tensor(p.type, std::move(shape)));
    std::fill_n(static_cast<unsigned char*>(made.back().data.get()), bytes(made.back()), 0);
    if (p.type != dtype::float32) continue;
    int i = 0;
    for (float& v : made.back().values<float>()) v = static_cast<float>(i++ % 17 - 8) / 8;
  }
  return made;
}

measured_network measure_network(session& network, const model_file& model) {
  measured_network seen;
  std::vector<tensor> one, many;
  run_result ran = run_rows(network, model, 1, one);
  if (ran.outcome == run_outcome::ok) {
    restart_peak_memory();
    ran = run_rows(network, model, 1, one);  // the first call also makes what is kept
  }
  if (ran.outcome != run_outcome::ok) throw std::runtime_error("it failed on one row: " + ran.text);
  if (one.empty()) throw std::runtime_error("it gave no outputs");
  for (const tensor& t : one) {
    if (!counts_rows({t}, 1))
      throw std::runtime_error("it answered one row with an output of the shape " + shape_text(t) +
                               "; the first side must count rows");
    seen.outputs.push_back({t.type, {t.shape.begin() + 1, t.shape.end()}});
  }
  const std::uint64_t before = peak_memory();
  ran = run_rows(network, model, measured_rows, many);
  if (ran.outcome == run_outcome::out_of_memory)
    throw std::runtime_error(std::to_string(measured_rows) +
                             " rows are too many for this machine's memory: " + ran.text);
  seen.takes_batches = ran.outcome == run_outcome::ok && many.size() == one.size() && counts_rows(many, measured_rows);
  const std::uint64_t grown = peak_memory() - std::min(before, peak_memory());
  const std::size_t held = bytes_of(one) + bytes_of(make_rows(model, 1));
  seen.per_row = std::max<std::uint64_t>(grown / (measured_rows - 1), held);
  return seen;
}

}  // namespace flowrun::core
