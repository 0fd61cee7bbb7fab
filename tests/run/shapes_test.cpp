// Rows of several shapes: an open batch for each, and what becomes of them.
#include <doctest/doctest.h>

#include <map>

#include "batch_stages.hpp"
#include "run_to_end.hpp"

using namespace flowrun;
using namespace flowrun::core;
using namespace flowrun::core::batch_stages;

namespace {

// Rows of 1 to `sizes` values, each longer than the one before: the item's number, then ones.
struct sized {
  static constexpr auto name = "sized";
  std::int64_t sizes = 8, rows_each = 1, wrong = -1;
  static void describe(description<sized>& d) {
    d.param("sizes", &sized::sizes, "how many there are");
    d.param("rows", &sized::rows_each, "of an item");
    d.param("wrong", &sized::wrong, "item that asks for 99 values");
    d.model("net", &sized::prepare, &sized::finish, {"in"}, {"out"});
  }
  std::int64_t size(const number& n, std::size_t i) const { return 1 + static_cast<std::int64_t>(n.value + i) % sizes; }
  std::size_t rows(const number&) const { return static_cast<std::size_t>(rows_each); }
  row_shapes shapes(const number& n, std::size_t i) const {
    return {{static_cast<std::int64_t>(n.value) == wrong ? 99 : size(n, i)}};
  }
  void prepare(const number& n, std::size_t i, row& r) const {
    tensor t = make_tensor(dtype::float32, {size(n, i)});
    for (float& v : t.values<float>()) v = 1;
    t.values<float>()[0] = static_cast<float>(n.value);
    r.put(t);
  }
  number finish(const number& n, const result_rows& rows) const {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      float sum = 0;
      for (float v : rows[i]) sum += v;
      const auto first = static_cast<float>(n.value);
      if (rows[i][0] != first || sum != first + static_cast<float>(size(n, i) - 1))
        throw std::runtime_error("a row came back to another item");
      if (rows[i].size() != static_cast<std::size_t>(rows.shape(i).at(0))) throw std::runtime_error("a wrong shape");
    }
    return n;
  }
};

// One call of a row as long as `sized` makes it; gives how long the answer was.
struct asking {
  static constexpr auto name = "asking";
  std::int64_t size = 3;
  static void describe(description<asking>& d) {
    d.param("size", &asking::size, "of the row");
    d.model("net");
    d.device(&asking::run, {"in"}, {"out"});
  }
  number run(const number&, lane& on) const {
    tensor t = make_tensor(dtype::float32, {1, size});
    for (float& v : t.values<float>()) v = 1;
    return {static_cast<std::uint64_t>(on.session("net").run({t}).at(0).shape.at(1))};
  }
};

// Counts rows by their size, and the buffers it was asked for.
struct shapes_session : timed_session {
  std::mutex mutex;
  std::map<std::int64_t, std::size_t> rows_of;
  int buffers = 0;
  run_result run(std::span<const tensor> in, std::size_t rows, std::vector<tensor>& out) noexcept override {
    {
      std::lock_guard lock(mutex);
      rows_of[in[0].shape.at(1)] += rows;
    }
    return timed_session::run(in, rows, out);
  }
  tensor make_input(dtype type, std::vector<std::int64_t> shape) override {
    ++buffers;  // by one thread at a time
    return timed_session::make_input(type, std::move(shape));
  }
};

model_file ranged_model(std::vector<std::int64_t> buckets) {
  model_file m;
  m.name = "ranged";
  m.inputs.push_back({"in", dtype::float32, {{1, 16}}, std::move(buckets)});
  m.outputs.push_back({"out", dtype::float32, {{1, 16}}, {}});
  return m;
}

struct settings {
  std::int64_t items = 64, sizes = 8, rows = 1, wrong = -1;
  std::size_t batch = 8;
  int in_flight = 200, threads = 2;
};

outcome run_sized(const settings& with, const model_file& file, const std::shared_ptr<shapes_session>& s) {
  graph_builder<decode, sized, end> b;
  b.add("decode", {}, {{"count", with.items}});
  b.add("sized", {0}, {{"sizes", with.sizes}, {"rows", with.rows}, {"wrong", with.wrong}});
  b.add("end", {1});
  model_run m;
  m.file = &file;
  m.session = s;
  m.batch = with.batch;
  dataflow_options o;
  o.threads = with.threads;
  o.in_flight = with.in_flight;
  o.models = {{}, m, {}};
  return run_to_end(b, o);
}

}  // namespace

TEST_CASE("rows of one bucket share a batch, and rows of two never do") {
  auto s = std::make_shared<shapes_session>();
  const model_file file = ranged_model({4, 16});
  const outcome r = run_sized({}, file, s);
  CHECK(r.numbers.done == 64);
  CHECK(s->rows_of == std::map<std::int64_t, std::size_t>{{4, 32}, {16, 32}});
  CHECK(s->most_rows == 8);
  CHECK(r.numbers.stages[1].displaced == 0);
  CHECK(s->buffers <= 10);
}

TEST_CASE("without buckets only rows of equal shapes share a batch") {
  auto s = std::make_shared<shapes_session>();
  const model_file file = ranged_model({});
  const outcome r = run_sized({}, file, s);
  CHECK(r.numbers.done == 64);
  CHECK(s->rows_of.size() == 8);
  for (const auto& entry : s->rows_of) CHECK(entry.second == 8);
}

TEST_CASE("one item in flight, one thread, one slot: every batch goes with its one row") {
  auto s = std::make_shared<shapes_session>();
  const model_file file = ranged_model({4, 16});
  settings one;
  one.in_flight = one.threads = 1;
  const outcome r = run_sized(one, file, s);
  CHECK(r.numbers.done == 64);
  CHECK(r.numbers.stages[1].batches == 64);
  CHECK(s->buffers == 1);
}

TEST_CASE("rows of one item in more shapes than stay open, one item in flight, one thread, one slot") {
  auto s = std::make_shared<shapes_session>();
  const model_file file = ranged_model({});
  settings many;
  many.items = 10;
  many.sizes = many.rows = 12;
  many.in_flight = many.threads = 1;
  const outcome r = run_sized(many, file, s);
  CHECK(r.stopped == stop_kind::none);
  CHECK(r.numbers.done == 10);
  CHECK(r.numbers.stages[1].batches == 120);
  CHECK(r.numbers.stages[1].displaced == 40);
  CHECK(s->buffers == 12);
}

TEST_CASE("when nothing else can come, the open batches of all shapes go one after another") {
  auto s = std::make_shared<shapes_session>();
  const model_file file = ranged_model({});
  settings few;
  few.items = few.sizes = few.in_flight = 5;
  few.batch = 256;
  const outcome r = run_sized(few, file, s);
  CHECK(r.stopped == stop_kind::none);
  CHECK(r.numbers.done == 5);
  CHECK(r.numbers.stages[1].batches == 5);
}

TEST_CASE("of many shapes only some stay open, and their buffers serve all shapes") {
  auto s = std::make_shared<shapes_session>();
  const model_file file = ranged_model({});
  settings many;
  many.items = 1000;
  many.sizes = 16;
  many.in_flight = 24;
  const outcome r = run_sized(many, file, s);
  CHECK(r.numbers.done == 1000);
  CHECK(r.numbers.stages[1].displaced > 0);
  CHECK(s->rows_of.size() == 16);
  CHECK(s->buffers <= many.in_flight);
}

TEST_CASE("a shape outside the range is an error of its item") {
  auto s = std::make_shared<shapes_session>();
  const model_file file = ranged_model({4, 16});
  settings one_wrong;
  one_wrong.wrong = 13;
  const outcome r = run_sized(one_wrong, file, s);
  CHECK(r.numbers.done == 63);
  CHECK(r.numbers.failed == 1);
  CHECK(r.reason == "a row of [99] was asked for, but the input 'in' of the model 'ranged' takes [1..16]");
}

TEST_CASE("the calls of a device stage are padded up to the buckets") {
  const model_file buckets = ranged_model({4, 16}), any = ranged_model({});
  auto width = [](const model_file& file, std::int64_t size) -> std::string {
    graph_builder<decode, asking> b;
    b.add("decode", {}, {{"count", 1}});
    b.add("asking", {0}, {{"size", size}});
    b.at(1).kept = {true};
    model_run m;
    m.networks.push_back({"net", {&file, nullptr}, std::make_shared<timed_session>(), 1});
    dataflow_options o;
    o.threads = 1;
    o.in_flight = 1;
    o.models = {{}, m};
    std::string seen;
    o.on_finished = [&seen](const finished_item& f) {
      const auto* n = static_cast<const number*>(f.in_flight->values[1].held.value.get());
      seen = n ? std::to_string(n->value) : f.in_flight->slots[1].reason;
      return true;
    };
    dataflow flow(b.graph, b.code, o);
    flow.open_stages();
    flow.run();
    return seen;
  };
  CHECK(width(buckets, 3) == "4");
  CHECK(width(buckets, 4) == "4");
  CHECK(width(buckets, 5) == "16");
  CHECK(width(any, 5) == "5");
  CHECK(width(any, 17) ==
        "run() was given float32 [1, 17] for the input 'in' of the model 'ranged', which takes float32 [rows, 1..16]");
}
