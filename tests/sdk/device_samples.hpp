// Device stages and model files for the tests of their generated code and of their tester.
#pragma once
#include "sample_stages.hpp"

namespace device_samples {

using flowrun::dtype;
using flowrun::lane;
using flowrun::make_tensor;
using flowrun::tensor;

inline flowrun::model_file file_of(const char* name, std::int64_t in, std::int64_t out, const char* task = "") {
  flowrun::model_file m;
  m.name = name;
  m.task = task;
  m.inputs.push_back({"in", dtype::float32, {{in, in}}, {}});
  m.outputs.push_back({"out", dtype::float32, {{out, out}}, {}});
  return m;
}

inline tensor row_of(std::vector<float> values) {
  tensor t = make_tensor(dtype::float32, {1, static_cast<std::int64_t>(values.size())});
  std::copy(values.begin(), values.end(), t.values<float>().begin());
  return t;
}

// Encodes a number once, and decodes it as often as it is asked.
struct segment {
  static constexpr auto name = "segment";
  int times = 2;
  static void describe(flowrun::description<segment>& d) {
    d.doc("Calls one network, and then another several times.");
    d.param("times", &segment::times, "calls of the decoder").range(0, 9);
    d.model("encoder").file("enc").task("encode");
    d.model("decoder").file("dec").batch(2);
    d.device(&segment::run, {"number", "more"}, {"total", "key"});
  }
  std::tuple<double, std::string> run(const int& n, const int* more, lane& on, const flowrun::item_info& item) const {
    if (n < 0) throw flowrun::skip("negative");
    if (n == 99) throw std::runtime_error("99 is too many");
    if (n == 98) throw flowrun::run_error("the disk is full");
    const tensor code = on.session("encoder").run({row_of({static_cast<float>(n)})}).at(0);
    double total = 0;
    for (int i = 0; i < times; ++i)
      total += on.session("decoder").run({code}).at(0).values<const float>()[0] + (more ? *more : 0);
    return {total, std::string(item.key)};
  }
};

template <class F> std::string refusal(F&& f) {
  try {
    f();
  } catch (const std::invalid_argument& e) {
    return e.what();
  }
  return "not refused";
}

struct picture_code {  // a picture, as the model file's preprocess says
  static constexpr auto name = "picture_code";
  static void describe(flowrun::description<picture_code>& d) {
    d.model("net");
    d.device(&picture_code::run, {"image"}, {"code"});
  }
  std::optional<tensor> run(const flowrun::image& in, lane& on) const {
    if (in.width > 50) return std::nullopt;
    flowrun::lane_session& net = on.session("net");
    return net.fetch(net.run({net.put(in)}).at(0));
  }
};

}  // namespace device_samples
