// A model stage that says how large its rows are: shapes().
#include <doctest/doctest.h>

#include "model_caller.hpp"

namespace {

using namespace model_caller;

struct sized {  // row i of a number is as long as it says; nothing said of row 0
  static constexpr auto name = "sized";
  static void describe(flowrun::description<sized>& d) {
    d.model("net", &sized::prepare, &sized::finish, {"number", "add"}, {"count"});
  }
  std::size_t rows(const int&, const int*) const { return 3; }
  flowrun::row_shapes shapes(const int& n, const int* add, std::size_t i) const {
    if (n == 9) throw std::runtime_error("nine is no size");
    if (i == 0) return {};
    return {{n, static_cast<std::int64_t>(i)}, {add ? *add : 0}};
  }
  void prepare(const int&, const int*, std::size_t, row&) const {}
  int finish(const int&, const int*, const result_rows& rows) const { return static_cast<int>(rows.size()); }
};
struct shapes_param {  // a member of that name that is no function
  static constexpr auto name = "shapes_param";
  int shapes = 3;
  static void describe(flowrun::description<shapes_param>& d) {
    d.param("shapes", &shapes_param::shapes, "a number");
    d.model("net", &shapes_param::prepare, &shapes_param::finish, {"number"}, {"number"});
  }
  void prepare(const int&, std::size_t, row&) const {}
  int finish(const int&, const result_rows&) const { return shapes; }
};

}  // namespace

TEST_CASE("shapes() says how large each row is before it is taken; what it throws is the answer") {
  const int n = 5, add = 7, nine = 9;
  caller<sized> c({&n, &add});
  CHECK(c.prepare() == status::value);
  CHECK(c.rows.asked == "begin 3; 0 1[5, 1][7] 2[5, 2][7]");
  caller<sized> alone({&n, nullptr});
  CHECK(alone.prepare() == status::value);
  CHECK(alone.rows.asked == "begin 3; 0 1[5, 1][0] 2[5, 2][0]");
  caller<sized> faulty({&nine, nullptr});
  CHECK(faulty.prepare() == status::error);
  CHECK(faulty.reason == "nine is no size");
  CHECK(faulty.rows.asked == "begin 3;");
  caller<shapes_param> none({&n});
  CHECK(none.prepare() == status::value);
  CHECK(none.rows.asked == "begin 1; 0");
  CHECK(flowrun::description<sized>::made().models[0].shapes);
  CHECK_FALSE(flowrun::description<shapes_param>::made().models[0].shapes);
}
