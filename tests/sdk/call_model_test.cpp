// Every way a model stage's two functions can end, and what they are given. What is called here is what the runtime
// calls: the code that d.model() generates.
#include <doctest/doctest.h>

#include "model_caller.hpp"

namespace {

using namespace model_caller;
using numbers = std::vector<int>;

struct noted {  // a row for each number, a note for each row
  static constexpr auto name = "noted";
  static void describe(flowrun::description<noted>& d) {
    d.doc("Notes.");
    d.model("net", &noted::prepare, &noted::finish, {"numbers"}, {"text"}).file("two").task("echo").batch(8);
  }
  std::size_t rows(const numbers& n) const { return n.size(); }
  std::string prepare(const numbers& n, std::size_t i, row& r) const {
    r.values()[0] = static_cast<float>(n[i]);
    r.values("in")[1] = 0;
    return "#" + std::to_string(i);
  }
  std::string finish(const numbers& n, std::span<const std::string> notes, const result_rows& rows) const {
    std::string text = std::to_string(n.size()) + ":";
    for (std::size_t i = 0; i < rows.size(); ++i)
      text += " " + notes[i] + "=" + std::to_string(static_cast<int>(rows[i][0]));
    return text + (notes.empty() && rows.empty() ? " none" : "");
  }
};
struct one_row {  // no rows(), no notes, the item, an optional input, two outputs
  static constexpr auto name = "one_row";
  static void describe(flowrun::description<one_row>& d) {
    d.model("net", &one_row::prepare, &one_row::finish, {"number", "add"}, {"sum", "key"});
  }
  void prepare(const int& n, const int* add, std::size_t i, row& r, const item_info& item) const {
    r.values()[0] = static_cast<float>(n + (add ? *add : 100) + static_cast<int>(i));
    r.values()[1] = static_cast<float>(item.seq);
  }
  std::tuple<int, std::string> finish(const int&, const int* add, const result_rows& rows,
                                      const item_info& item) const {
    return {static_cast<int>(rows.values(0, "out")[0]),
            std::string(item.key) + (add ? "+" : "-") + std::to_string(static_cast<int>(rows[0][1]))};
  }
};
struct ends {  // prepare ends as `in` says below 10, finish as it says above
  static constexpr auto name = "ends";
  static void describe(flowrun::description<ends>& d) {
    d.model("net", &ends::prepare, &ends::finish, {"number"}, {"number"});
  }
  static void end(int how) {
    if (how == 1) throw flowrun::skip("too dark");
    if (how == 2) throw std::runtime_error("no such colour");
    if (how == 3) throw 3;
    if (how == 4) throw flowrun::run_error("the disk is full");
  }
  std::size_t rows(const int& n) const {
    if (n == 5) throw flowrun::skip("nothing to count");
    return 2;
  }
  int prepare(const int& n, std::size_t i, row&) const {
    if (i == 1) end(n);
    return n;
  }
  std::optional<int> finish(const int& n, std::span<const int> notes, const result_rows&) const {
    if (n == 15) return std::nullopt;
    if (n >= 10) end(n - 10);
    return notes[0] + notes[1];
  }
};
struct only_moved {
  static constexpr auto port = "test.only_moved/1";
  std::unique_ptr<int> v;
  friend std::size_t bytes(const only_moved&) { return sizeof(only_moved) + sizeof(int); }
};
struct maybe_pairs {  // notes and outputs that can only be moved
  static constexpr auto name = "maybe_pairs";
  static void describe(flowrun::description<maybe_pairs>& d) {
    d.model("net", &maybe_pairs::prepare, &maybe_pairs::finish, {"number"}, {"moved", "number"});
  }
  std::unique_ptr<int> prepare(const int& n, std::size_t, row&) const { return std::make_unique<int>(n + 1); }
  std::optional<std::tuple<only_moved, int>> finish(const int& n, std::span<const std::unique_ptr<int>> notes,
                                                    const result_rows&) const {
    if (n < 0) return {};
    return std::tuple<only_moved, int>(only_moved{std::make_unique<int>(*notes[0])}, n);
  }
};

std::string answer_text(status s) {
  constexpr const char* names[] = {"none", "value", "skip", "error", "cancelled"};
  return names[static_cast<std::size_t>(s)];
}

}  // namespace

TEST_CASE("every row gets its number and buffer, and its note comes back to finish") {
  const numbers in = {5, 6, 7};
  caller<noted> c({&in});
  CHECK(c.prepare() == status::value);
  CHECK(c.rows.asked == "begin 3; 0 1 2");
  CHECK(c.rows.values[2][0] == 7);
  CHECK(c.finish() == status::value);
  CHECK(c.get<std::string>() == "3: #0=5 #1=6 #2=7");
  CHECK(c.out[0].bytes == sizeof(std::string) + c.get<std::string>().size());
}

TEST_CASE("a packet without rows is finished all the same") {
  const numbers in;
  caller<noted> c({&in});
  CHECK(c.prepare() == status::value);
  CHECK(c.rows.asked == "begin 0;");
  CHECK(c.finish() == status::value);
  CHECK(c.get<std::string>() == "0: none");
}

TEST_CASE("without rows() a packet is one row; without notes there is nothing to give back") {
  const int n = 3, add = 4;
  caller<one_row> both({&n, &add});
  CHECK(both.prepare() == status::value);
  CHECK(both.rows.asked == "begin 1; 0");
  CHECK(both.notes == nullptr);
  CHECK(both.finish() == status::value);
  CHECK(both.get<int>(0) == 7);
  CHECK(both.get<std::string>(1) == "a.jpg+7");
  caller<one_row> alone({&n, nullptr});
  CHECK(alone.prepare() == status::value);
  CHECK(alone.finish() == status::value);
  CHECK(alone.get<int>(0) == 103);
  CHECK(alone.get<std::string>(1) == "a.jpg-7");
}

TEST_CASE("every end of prepare is one answer with its reason") {
  auto text = [](int how) {
    caller<ends> c({&how});
    const status answered = c.prepare();
    const bool noted = c.notes != nullptr;
    return answer_text(answered) + (c.stops_run ? ", stops the run: " : ": ") + c.reason + (noted ? " (noted)" : "");
  };
  CHECK(text(0) == "value: left from before (noted)");
  CHECK(text(1) == "skip: too dark");
  CHECK(text(2) == "error: no such colour");
  CHECK(text(3) == "error: threw something that is not a std::exception");
  CHECK(text(4) == "error, stops the run: the disk is full");
  CHECK(text(5) == "skip: nothing to count");
}

TEST_CASE("every end of finish is one answer with its reason") {
  auto text = [](int how) {
    caller<ends> c({&how});
    REQUIRE(c.prepare() == status::value);
    c.reason.clear();
    const status answered = c.finish();
    return answer_text(answered) + (c.stops_run ? ", stops the run: " : ": ") + c.reason +
           (c.out[0].value ? std::to_string(c.get<int>()) : "");
  };
  CHECK(text(10) == "value: 20");
  CHECK(text(11) == "skip: too dark");
  CHECK(text(12) == "error: no such colour");
  CHECK(text(13) == "error: threw something that is not a std::exception");
  CHECK(text(14) == "error, stops the run: the disk is full");
  CHECK(text(15) == "skip: gave no value");
}

TEST_CASE("notes and outputs may be of types that can only be moved; an empty optional is a skip") {
  const int n = 4, none = -1;
  caller<maybe_pairs> c({&n});
  CHECK(c.prepare() == status::value);
  CHECK(c.finish() == status::value);
  CHECK(*c.get<only_moved>(0).v == 5);
  CHECK(c.get<int>(1) == 4);
  caller<maybe_pairs> skipped({&none});
  CHECK(skipped.prepare() == status::value);
  CHECK(skipped.finish() == status::skip);
  CHECK(skipped.reason == "gave no value");
}

TEST_CASE("a prepare that failed may be called again") {
  int how = 2;
  caller<ends> c({&how});
  CHECK(c.prepare() == status::error);
  how = 0;
  CHECK(c.prepare() == status::value);
  CHECK(c.rows.asked == "begin 2; 0 1begin 2; 0 1");
  CHECK(c.finish() == status::value);
  CHECK(c.get<int>() == 0);
}

TEST_CASE("rows and results refuse what the model has not") {
  const numbers in = {1};
  caller<noted> c({&in});
  REQUIRE(c.prepare() == status::value);
  c.rows.begin(1);
  const row r = c.rows.take(0, {});
  CHECK_THROWS_WITH_AS(r.values<std::uint8_t>(), "the model's input 'in' is float32", std::logic_error);
  CHECK_THROWS_WITH_AS(r.values(1), "the model has no input 1", std::logic_error);
  CHECK_THROWS_WITH_AS(r.values("inn"), "the model has no input 'inn'", std::logic_error);
  CHECK_THROWS_WITH_AS(r.put({}, {}, 1), "the model has no input 1", std::logic_error);
  const std::vector<flowrun::result_row> back = {
      {std::make_shared<const std::vector<flowrun::tensor>>(1, flowrun::make_tensor(flowrun::dtype::int32, {1, 2})),
       0}};
  const result_rows results(c.file, back);
  CHECK_THROWS_WITH_AS(results.values(0, "outt"), "the model has no output 'outt'", std::logic_error);
  CHECK_THROWS_WITH_AS(results[0], "a tensor of int32 was read as another type", std::logic_error);
  CHECK(results.values<std::int32_t>(0, "out").size() == 2);
  CHECK(results.model().name == "two");
}

TEST_CASE("what a model stage says about itself") {
  const flowrun::stage_info s = flowrun::description<noted>::made();
  CHECK(s.shape == flowrun::stage_shape::model);
  CHECK_FALSE(s.serial);
  REQUIRE(s.models.size() == 1);
  CHECK(s.models[0].name == "net");
  CHECK(s.models[0].file == "two");
  CHECK(s.models[0].task == "echo");
  CHECK(s.models[0].batch == 8);
  CHECK(s.inputs[0].type->name == "int32[]");
  CHECK(s.outputs[0].type->name == "text");
  CHECK(!static_cast<bool>(s.call));
  CHECK_FALSE(s.models[0].shapes);
  const flowrun::stage_info o = flowrun::description<one_row>::made();
  CHECK_FALSE(o.inputs[0].optional);
  CHECK(o.inputs[1].optional);
  CHECK(o.outputs[1].name == "key");
  CHECK(o.models[0].batch == 0);
}
