// Model stages and networks for the test of the tester.
#pragma once
#include <stdexcept>
#include <thread>

#include "sample_stages.hpp"

namespace model_samples {

using flowrun::image;
using flowrun::result_rows;
using flowrun::row;
using flowrun::status;
using flowrun::tensor;
using flowrun::testing::check_parallel;
using flowrun::testing::model;
using values = std::span<const float>;

// Rows of three values; a single output of one.
flowrun::model_file made(std::vector<flowrun::dimension> input, const char* task = "") {
  flowrun::model_file m;
  m.name = "made";
  m.task = task;
  m.inputs.push_back({"in", flowrun::dtype::float32, std::move(input), {}});
  m.outputs.push_back({"out", flowrun::dtype::float32, {{1, 1}}, {}});
  return m;
}
flowrun::model_file three() {
  return made({{3, 3}});
}
std::vector<float> add(values row) {
  float sum = 0;
  for (float v : row) sum += v;
  return {sum};
}

struct sums {  // a row for each number: 1, the number, `scale`
  static constexpr auto name = "sums";
  double scale = 0;
  static void describe(flowrun::description<sums>& d) {
    d.param("scale", &sums::scale, "third value").range(0, 10);
    d.model("net", &sums::prepare, &sums::finish, {"numbers", "factor"}, {"sums", "keys"}).task("add");
  }
  std::size_t rows(const std::vector<int>& n, const int*) const { return n.size(); }
  int prepare(const std::vector<int>& n, const int*, std::size_t i, row& r) const {
    if (n[i] < 0) throw flowrun::skip("negative");
    auto to = r.values();
    to[0] = 1;
    to[1] = static_cast<float>(n[i]);
    to[2] = static_cast<float>(scale);
    return n[i];
  }
  std::tuple<std::vector<int>, std::string> finish(const std::vector<int>& n, const int* factor,
                                                   std::span<const int> notes, const result_rows& rows,
                                                   const flowrun::item_info& item) const {
    if (!n.empty() && n[0] == 99) throw std::runtime_error("99 is too many");
    std::vector<int> all;
    for (std::size_t i = 0; i < rows.size(); ++i)
      all.push_back((factor ? *factor : 1) * static_cast<int>(rows[i][0]) + 1000 * (notes[i] - n[i]));
    return {all, std::string(item.key)};
  }
};

struct pictures {  // the pixels, as the model file's preprocess says
  static constexpr auto name = "pictures";
  static void describe(flowrun::description<pictures>& d) {
    d.model("net", &pictures::prepare, &pictures::finish, {"image"}, {"sum"});
  }
  void prepare(const image& i, std::size_t, row& r) const { r.put(i); }
  double finish(const image&, const result_rows& rows) const { return rows[0][0]; }
};

struct lengths {  // a row as long as each list; what the network gives for it, and how long that is
  static constexpr auto name = "lengths";
  static void describe(flowrun::description<lengths>& d) {
    d.model("net", &lengths::prepare, &lengths::finish, {"lists"}, {"answers"});
  }
  std::size_t rows(const std::vector<std::string>& n) const { return n.size(); }
  flowrun::row_shapes shapes(const std::vector<std::string>& n, std::size_t i) const {
    return {{static_cast<std::int64_t>(n[i].size())}};
  }
  void prepare(const std::vector<std::string>& n, std::size_t i, row& r) const {
    if (n[i] != "forget")
      for (std::size_t v = 0; v < n[i].size(); ++v) r.values()[v] = static_cast<float>(n[i][v] - 'a');
  }
  std::vector<int> finish(const std::vector<std::string>&, const result_rows& rows) const {
    std::vector<int> all;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      all.push_back(static_cast<int>(rows[i][0]));
      all.push_back(static_cast<int>(rows.shape(i).at(0)));
    }
    return all;
  }
};
struct moody_shapes {
  static constexpr auto name = "moody_shapes";
  mutable int calls = 0;
  static void describe(flowrun::description<moody_shapes>& d) {
    d.model("net", &moody_shapes::prepare, &moody_shapes::finish, {"number"}, {"number"});
  }
  flowrun::row_shapes shapes(const int&, std::size_t) const { return {{1 + calls++}}; }
  void prepare(const int&, std::size_t, row& r) const { r.values()[0] = 0; }
  int finish(const int&, const result_rows&) const { return 0; }
};

// What a model stage must not do, each in its own way.
struct forgetful {
  static constexpr auto name = "forgetful";
  static void describe(flowrun::description<forgetful>& d) {
    d.model("net", &forgetful::prepare, &forgetful::finish, {"number"}, {"number"});
  }
  std::size_t rows(const int&) const { return 2; }
  void prepare(const int& n, std::size_t i, row& r) const {
    r.values()[0] = r.values()[1] = static_cast<float>(n);
    if (i == 0) r.values()[2] = 0;
  }
  int finish(const int&, const result_rows&) const { return 0; }
};
struct moody {
  static constexpr auto name = "moody";
  mutable int calls = 0;
  static void describe(flowrun::description<moody>& d) {
    d.model("net", &moody::prepare, &moody::finish, {"number"}, {"number"});
  }
  std::size_t rows(const int& n) const { return n == 1 ? 1 + static_cast<std::size_t>(calls++) : 1; }
  void prepare(const int& n, std::size_t, row& r) const {
    if (n == 2 && calls++ > 0) throw std::runtime_error("not again");
    for (float& v : r.values()) v = n == 3 ? static_cast<float>(calls++) : 0;
  }
  int finish(const int&, const result_rows&) const { return 0; }
};
struct careless {
  static constexpr auto name = "careless";
  static void describe(flowrun::description<careless>& d) {
    d.model("net", &careless::prepare, &careless::finish, {"image", "where"}, {"number"});
  }
  static void write(const image& in) { const_cast<std::uint8_t*>(in.pixels.get())[3] = 9; }
  void prepare(const image& in, const int& where, std::size_t, row& r) const {
    if (where == 0) write(in);
    for (float& v : r.values()) v = 0;
  }
  int finish(const image& in, const int& where, const result_rows&) const {
    if (where == 1) write(in);
    return 0;
  }
};
struct shared_notes {  // right alone, wrong together; atomic, so that it is no data race
  static constexpr auto name = "shared_notes";
  mutable std::atomic<int> last = 0;
  static void describe(flowrun::description<shared_notes>& d) {
    d.model("net", &shared_notes::prepare, &shared_notes::finish, {"number"}, {"number"});
  }
  void prepare(const int& n, std::size_t, row& r) const {
    last = n;
    for (int i = 0; i < 4; ++i) std::this_thread::yield();
    for (float& v : r.values()) v = static_cast<float>(last);
  }
  int finish(const int&, const result_rows&) const { return 0; }
};
struct shared_finish {
  static constexpr auto name = "shared_finish";
  mutable std::atomic<int> last = 0;
  static void describe(flowrun::description<shared_finish>& d) {
    d.model("net", &shared_finish::prepare, &shared_finish::finish, {"number"}, {"number"});
  }
  void prepare(const int&, std::size_t, row& r) const {
    for (float& v : r.values()) v = 0;
  }
  int finish(const int& n, const result_rows&) const {
    last = n;
    for (int i = 0; i < 4; ++i) std::this_thread::yield();
    return last;
  }
};

template <class E = std::invalid_argument, class F> std::string refusal(F&& f) {
  try {
    f();
  } catch (const E& e) {
    return e.what();
  }
  return "not refused";
}
template <class F> std::string fault(F&& f) {
  return refusal<flowrun::testing::stage_fault>(f);
}

}  // namespace model_samples
