// What a device stage calls its networks through: as many calls in a row as it likes, in one slot of the device.
#pragma once
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "rows.hpp"

namespace flowrun {

// One of the stage's networks, during one call of its run().
class lane_session {
 public:
  explicit lane_session(const row_format& format) : format_(format) {}
  virtual ~lane_session() = default;
  lane_session(const lane_session&) = delete;
  lane_session& operator=(const lane_session&) = delete;

  const model_file& model() const { return *format_.model; }

  // One tensor per input of the model, in the order of its file; the first side of each counts the rows. Gives one per
  // output, which may lie on the device: it can be given to the next call of any of the stage's networks as it is.
  // Sides with a range are padded with zeros up to the next of the model file's `buckets`; the outputs are those of
  // what is padded. What it throws ends the stage's run(): let it through.
  virtual std::vector<tensor> run(const std::vector<tensor>& in) = 0;

  // An output where values() can read it: itself, or a copy in the memory of the CPU. Throws as run() does.
  virtual tensor fetch(const tensor& output) = 0;

  // One row of an input: `part` of the image, resized, cropped and normalised as the model file's `preprocess` says.
  // Throws std::invalid_argument on an empty image or part.
  tensor put(const image& from, const rect& part = {}, std::size_t input = 0) {
    if (input >= model().inputs.size()) throw std::logic_error("the model has no input " + std::to_string(input));
    const model_port& port = model().inputs[input];
    std::vector<std::int64_t> shape = {1};
    for (const dimension& side : port.shape) shape.push_back(side.high);
    tensor t = make_input(port.type, std::move(shape));
    format_.put(model(), input, from, part, t.data.get());
    return t;
  }
  // Memory from which the device copies fastest; uninitialised.
  virtual tensor make_input(dtype type, std::vector<std::int64_t> shape) { return make_tensor(type, std::move(shape)); }

 private:
  const row_format& format_;
};

class lane {
 public:
  virtual ~lane() = default;
  // The network of the stage's line d.model("name"). Throws std::logic_error when there is none.
  virtual lane_session& session(std::string_view name) = 0;
};

// Whether `in` may be given to one call of at most `most_rows` rows; empty: it may. One sentence if not.
inline std::string find_input_fault(const model_file& m, const std::vector<tensor>& in, std::size_t most_rows) {
  if (in.size() != m.inputs.size())
    return "run() was given " + std::to_string(in.size()) + " tensors, the model '" + m.name + "' has " +
           std::to_string(m.inputs.size()) + " inputs";
  for (std::size_t i = 0; i < in.size(); ++i) {
    const model_port& port = m.inputs[i];
    bool fits = in[i].type == port.type && in[i].shape.size() == port.shape.size() + 1 && in[i].data;
    for (std::size_t side = 0; fits && side < port.shape.size(); ++side)
      fits = port.shape[side].low <= in[i].shape[side + 1] && in[i].shape[side + 1] <= port.shape[side].high;
    if (fits && in[i].shape[0] == in[0].shape[0] && in[i].shape[0] > 0) continue;
    std::string seen, right = "rows";
    for (std::int64_t side : in[i].shape) seen += (seen.empty() ? "" : ", ") + std::to_string(side);
    for (const dimension& d : port.shape)
      right += ", " + std::to_string(d.low) + (d.low == d.high ? "" : ".." + std::to_string(d.high));
    return "run() was given " + std::string(dtype_name(in[i].type)) + " [" + seen + "] for the input '" + port.name +
           "' of the model '" + m.name + "', which takes " + dtype_name(port.type) + " [" + right + "]";
  }
  if (!in.empty() && static_cast<std::uint64_t>(in[0].shape[0]) > most_rows)
    return "run() was given " + std::to_string(in[0].shape[0]) + " rows for the model '" + m.name + "', planned for " +
           std::to_string(most_rows) + "; give fewer, or say so in the description: d.model(...).batch(" +
           std::to_string(in[0].shape[0]) + ")";
  return {};
}

// The tensors of a call, which find_input_fault() has nothing against, as large as their buckets. Throws
// std::logic_error for one that would have to be padded on a device.
inline std::vector<tensor> pad_to_buckets(const std::vector<tensor>& in, lane_session& on) {
  std::vector<tensor> out = in;
  for (std::size_t i = 0; i < in.size(); ++i) {
    const model_port& port = on.model().inputs[i];
    if (port.buckets.empty()) continue;
    std::vector<std::int64_t> shape = detail::round_up(port, {in[i].shape.begin() + 1, in[i].shape.end()});
    shape.insert(shape.begin(), in[i].shape[0]);
    if (shape == in[i].shape) continue;
    if (!in[i].where.on_cpu())
      throw std::logic_error("run() was given " + detail::shape_text(in[i].shape) + " on " + in[i].where.text() +
                             " for the input '" + port.name + "' of the model '" + on.model().name +
                             "'; only tensors in the CPU's memory are padded to buckets, there it must be " +
                             detail::shape_text(shape) + " already");
    out[i] = on.make_input(port.type, shape);
    detail::put_in_corner(static_cast<const char*>(in[i].data.get()), in[i].shape,
                          static_cast<char*>(out[i].data.get()), shape, dtype_bytes(port.type));
  }
  return out;
}

}  // namespace flowrun
