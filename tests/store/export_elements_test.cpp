// Lists of objects in csv and npy: a row for each element. Lists of bytes as text.
#include <algorithm>

#include "boxes_fixture.hpp"
#include "store/base64.hpp"
#include "store/exports.hpp"
#include "store/value_json.hpp"

using namespace store_test;
using flowrun::status;

namespace {

using strings = std::vector<std::string>;

struct crop {
  std::vector<std::uint8_t> jpeg;
  std::string index;
  static void fields(flowrun::fields<crop>& f) { f.field("jpeg", &crop::jpeg).field("index", &crop::index); }
};
struct crops {
  double mean = 0;
  std::optional<std::vector<crop>> more;
  std::vector<std::vector<crop>> nested;
  static void fields(flowrun::fields<crops>& f) {
    f.field("mean", &crops::mean).field("more", &crops::more).field("nested", &crops::nested);
  }
};

strings names_in(const fs::path& folder) {
  strings names;
  for (const auto& entry : fs::directory_iterator(folder)) names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

thing with_vector(std::int16_t x, std::vector<float> vector) {
  thing t;
  t.x = x;
  t.vector = std::move(vector);
  return t;
}

std::vector<commit_unit> thing_units() {
  return {
      unit_of("photos", "b\t\xff.jpg",
              {value_row(0, encoded(things{
                                {with_vector(1, {1, 2}), with_vector(2, {}), with_vector(3, {3, 4})}, 6, 8, "=b"}))}),
      unit_of("photos", "a.jpg", {value_row(0, encoded(things{{with_vector(-4, {5, 6})}, 7, 9, ""}))}),
      unit_of("photos", "c.jpg", {value_row(0, encoded(things{}))}),
      unit_of("photos", "d.jpg", {other_row(0, status::skip, "dark")})};
}

std::vector<outcome> only_things() {
  return {kept<things>("things", '1', {"photos"})};
}

template <class T> std::string bytes_of(std::initializer_list<T> values) {
  return {reinterpret_cast<const char*>(values.begin()), values.size() * sizeof(T)};
}

// The description and the data of a .npy.
std::pair<std::string, std::string> npy_in(const fs::path& file) {
  std::string text = text_of(file);
  std::size_t end = text.find('\n'), brace = text.find('}');
  return {text.substr(10, brace - 9), text.substr(end + 1)};
}

}  // namespace

TEST_CASE("npy: elements of lists have rows of their own") {
  scratch run;
  commit_boxes(run.path, only_things(), thing_units());
  fs::path to = run.path / "out";
  export_summary done = export_npy(run.path, to);
  CHECK(done.notes == strings{"things.ids.txt: 1 item without a value is left out",
                              "things.list.vector.ids.txt: 1 element without a value is left out",
                              "things.list.ids.txt: 1 item without a value is left out"});
  CHECK(names_in(to) == strings{"things.height.npy", "things.ids.txt", "things.list.h.npy", "things.list.ids.txt",
                                "things.list.vector.ids.txt", "things.list.vector.npy", "things.list.w.npy",
                                "things.list.x.npy", "things.list.y.npy", "things.width.npy"});
  CHECK(text_of(to / "things.ids.txt") == "a.jpg\nb%09%FF.jpg\nc.jpg\n");
  CHECK(text_of(to / "things.list.ids.txt") == "a.jpg\t0\nb%09%FF.jpg\t0\nb%09%FF.jpg\t1\nb%09%FF.jpg\t2\n");
  CHECK(text_of(to / "things.list.vector.ids.txt") == "a.jpg\t0\nb%09%FF.jpg\t0\nb%09%FF.jpg\t2\n");
  CHECK(npy_in(to / "things.list.x.npy") ==
        std::pair<std::string, std::string>("{'descr': '<i2', 'fortran_order': False, 'shape': (4,), }",
                                            bytes_of<std::int16_t>({-4, 1, 2, 3})));
  CHECK(npy_in(to / "things.list.vector.npy") ==
        std::pair<std::string, std::string>("{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }",
                                            bytes_of<float>({5, 6, 1, 2, 3, 4})));
  CHECK(npy_in(to / "things.width.npy") ==
        std::pair<std::string, std::string>("{'descr': '<u2', 'fortran_order': False, 'shape': (3,), }",
                                            bytes_of<std::uint16_t>({9, 8, 0})));
}

TEST_CASE("npy: a value that is a list, and fixed arrays in elements") {
  scratch run;
  commit_boxes(run.path, {kept<std::vector<face>>("eyes", '1', {"photos"})},
               {unit_of("photos", "a.jpg",
                        {value_row(0, encoded(std::vector<face>{{1, 2, 3, 4, {}, {5, 6, 7, 8}},
                                                                {0, 0, 0, 0, 0.5f, {9, 9, 9, 9}}}))})});
  CHECK(export_npy(run.path, run.path / "out").notes ==
        strings{"eyes.score.ids.txt: 1 element without a value is left out"});
  CHECK(npy_in(run.path / "out/eyes.landmarks.npy") ==
        std::pair<std::string, std::string>("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 4), }",
                                            bytes_of<float>({5, 6, 7, 8, 9, 9, 9, 9})));
  CHECK(text_of(run.path / "out/eyes.ids.txt") == "a.jpg\t0\na.jpg\t1\n");
  CHECK(text_of(run.path / "out/eyes.score.ids.txt") == "a.jpg\t1\n");
}

TEST_CASE("npy: lists of elements that differ in length are told before anything is written") {
  scratch run;
  std::vector<commit_unit> units = thing_units();
  units.push_back(
      unit_of("photos", "e.jpg", {value_row(0, encoded(things{{with_vector(1, {}), with_vector(2, {1})}, 0, 0, ""}))}));
  commit_boxes(run.path, only_things(), units);
  CHECK(error_of([&] { export_npy(run.path, run.path / "out"); }) ==
        "65 'things.list.vector' of element 1 of item 'e.jpg' has length 1, but that of element 0 of item 'a.jpg' has "
        "2: npy takes lists of one length; export jsonl or csv");
  CHECK_FALSE(fs::exists(run.path / "out"));
}

TEST_CASE("csv: elements of lists have files of their own") {
  scratch run;
  commit_boxes(run.path, only_things(), thing_units());
  fs::path to = run.path / "out";
  export_csv(run.path, to, {});
  CHECK(names_in(to) == strings{"items.csv", "things.csv", "things.list.csv"});
  CHECK(text_of(to / "things.list.csv") ==
        "item,source,stream,index,label,x,y,w,h,vector\r\n"
        "a.jpg,photos,,0,,-4,0,0,0,\"[5,6]\"\r\n"
        "b\t%FF.jpg,photos,,0,,1,0,0,0,\"[1,2]\"\r\n"
        "b\t%FF.jpg,photos,,1,,2,0,0,0,\"[]\"\r\n"
        "b\t%FF.jpg,photos,,2,,3,0,0,0,\"[3,4]\"\r\n");
  CHECK(contains(text_of(to / "things.csv"),
                 "item,source,stream,reason,list,height,width,by\r\n"
                 "a.jpg,photos,,,\"[{\"\"label\"\":null,\"\"x\"\":-4,\"\"y\"\":0,\"\"w\"\":0,\"\"h\"\":0,"
                 "\"\"vector\"\":[5,6]}]\",7,9,\"\"\r\n"));
}

TEST_CASE("lists in optional fields, lists in lists, bytes") {
  scratch run;
  crops two{1.5, std::vector<crop>{{{0xff, 0xd8, 0xff}, "n"}, {{}, ""}}, {{{{1}, "deep"}}}};
  commit_boxes(run.path, {kept<crops>("crops", '1', {"photos"}), kept<std::vector<crop>>("all", '2', {"photos"})},
               {unit_of("photos", "a.jpg", {value_row(0, encoded(two)), value_row(1, encoded(*two.more))}),
                unit_of("photos", "b.jpg",
                        {value_row(0, encoded(crops{})), value_row(1, encoded(std::vector<crop>{{{0xfb, 1}, ""}}))})});
  export_options options;
  options.canonical = true;
  export_csv(run.path, run.path / "tables", options);
  CHECK(names_in(run.path / "tables") ==
        strings{"all.csv", "all.value.csv", "crops.csv", "crops.more.csv", "items.csv"});
  CHECK(text_of(run.path / "tables/crops.more.csv") ==
        "item,source,stream,index,value.index,jpeg\r\na.jpg,photos,,0,n,/9j/\r\na.jpg,photos,,1,\"\",\"\"\r\n");
  CHECK(contains(text_of(run.path / "tables/all.value.csv"), "b.jpg,photos,,0,\"\",'+wE=\r\n"));
  CHECK(export_npy(run.path, run.path / "arrays").notes ==
        strings{"'all' has no numbers and is left out; jsonl has it",
                "'crops.more.jpeg' is bytes and is left out; jsonl has it"});
  CHECK(names_in(run.path / "arrays") == strings{"crops.ids.txt", "crops.mean.npy"});
  export_jsonl(run.path, run.path / "all.jsonl", {});
  CHECK(contains(text_of(run.path / "all.jsonl"),
                 R"("crops":{"mean":1.5,"more":[{"jpeg":"/9j/","index":"n"},{"jpeg":"","index":""}],)"
                 R"("nested":[[{"jpeg":"AQ==","index":"deep"}]]})"));
  {
    database damaged(run.path / "run.db", database::access::existing);
    damaged.execute("UPDATE answers_2 SET value = x'02000000' WHERE item = 1", "test");
  }
  CHECK(error_of([&] { export_csv(run.path, run.path / "new", {}); }) ==
        "74 'all' of item 'a.jpg': the stored value has a list of 2 elements in 0 bytes; the run directory is damaged");
}

TEST_CASE("base64") {
  auto text_for = [](std::string_view bytes) {
    std::string out;
    append_base64(bytes, out);
    return out;
  };
  // RFC 4648, section 10.
  const char* cases[][2] = {{"", ""},
                            {"f", "Zg=="},
                            {"fo", "Zm8="},
                            {"foo", "Zm9v"},
                            {"foob", "Zm9vYg=="},
                            {"fooba", "Zm9vYmE="},
                            {"foobar", "Zm9vYmFy"}};
  for (const auto& c : cases) CHECK(text_for(c[0]) == c[1]);
  CHECK(text_for(std::string("\xfb\xff\x00", 3)) == "+/8A");
}
