// The buffers that a test gives prepare(), row by row.
#pragma once
#include "../stage.hpp"
#include "network.hpp"

namespace flowrun::testing::detail {

// One row: a tensor for each input of the network, whose first side is 1.
struct filled_row {
  row_shapes shapes;
  std::vector<tensor> inputs;
  std::vector<void*> at;
};

// As the runtime does: rows as large as their buckets, zeros beside what the stage asked for. All bytes that the stage
// has to write are `fill` before it does.
class filled_rows : public row_taker {
 public:
  filled_rows(const model_file& file, const row_format& format, int fill) : file_(file), format_(format), fill_(fill) {}

  void begin(std::size_t n) override { rows.reserve(n); }
  row take(std::size_t, const row_shapes& wanted) override {
    const row_shapes asked = flowrun::detail::complete_shapes(file_, wanted);
    filled_row& r = rows.emplace_back();
    r.shapes = round_up(file_, asked);
    for (std::size_t k = 0; k < asked.size(); ++k) {
      const tensor& t = r.inputs.emplace_back(make_tensor(file_.inputs[k].type, batch_shape(1, r.shapes[k])));
      std::memset(t.data.get(), fill_, bytes(t));
      flowrun::detail::put_in_corner(nullptr, asked[k], static_cast<char*>(t.data.get()), r.shapes[k],
                                     dtype_bytes(t.type));
      r.at.push_back(t.data.get());
    }
    return {format_, r.at.data(), &r.shapes};
  }
  std::vector<filled_row> rows;

 private:
  const model_file& file_;
  const row_format& format_;
  int fill_;
};

// All rows of an input in one tensor; where they differ in shape, in the corners of rows as large as all of them.
inline std::vector<tensor> join_rows(const model_file& file, const std::vector<filled_row>& rows) {
  std::vector<tensor> all;
  for (std::size_t k = 0; k < file.inputs.size(); ++k) {
    const model_port& port = file.inputs[k];
    std::vector<std::int64_t> shape = rows.empty() ? largest_shape(port) : rows[0].shapes[k];
    for (const filled_row& r : rows)
      for (std::size_t i = 0; i < shape.size(); ++i) shape[i] = std::max(shape[i], r.shapes[k][i]);
    all.push_back(make_tensor(port.type, batch_shape(rows.size(), shape)));
    const std::size_t each = rows.empty() ? 0 : bytes(all[k]) / rows.size();
    for (std::size_t i = 0; i < rows.size(); ++i)
      flowrun::detail::put_in_corner(static_cast<const char*>(rows[i].inputs[k].data.get()), rows[i].shapes[k],
                                     static_cast<char*>(all[k].data.get()) + i * each, shape, dtype_bytes(port.type));
  }
  return all;
}

// What the network gives for each row, in calls of at most `most` rows of equal shapes.
inline std::vector<result_row> run_rows(checked_network& network, const model_file& file,
                                        const std::vector<filled_row>& rows, std::size_t most) {
  std::vector<result_row> results(rows.size());
  for (std::size_t first = 0; first < rows.size(); ++first) {
    if (results[first].outputs) continue;
    std::vector<std::size_t> alike;
    for (std::size_t i = first; i < rows.size() && alike.size() < most; ++i)
      if (!results[i].outputs && rows[i].shapes == rows[first].shapes) alike.push_back(i);
    std::vector<filled_row> part;
    for (std::size_t i : alike) part.push_back(rows[i]);
    auto out = std::make_shared<const std::vector<tensor>>(network.run(file, join_rows(file, part)));
    for (std::size_t i = 0; i < alike.size(); ++i) results[alike[i]] = {out, i};
  }
  return results;
}

}  // namespace flowrun::testing::detail
