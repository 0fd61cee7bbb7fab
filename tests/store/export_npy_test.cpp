#include <algorithm>
#include <cmath>

#include "fixture.hpp"
#include "store/exports.hpp"
#include "store/npy_value.hpp"

using namespace store_test;
using flowrun::status;

namespace {

struct part {
  std::array<std::int16_t, 2> at{};
  static void fields(flowrun::fields<part>& f) { f.field("at", &part::at); }
};
struct found {
  std::string name;
  std::vector<float> vector;
  double score = 0;
  bool sure = false;
  std::vector<std::string> tags;
  std::optional<std::uint32_t> age;
  std::optional<part> more;
  std::vector<std::vector<float>> rings;
  static void fields(flowrun::fields<found>& f) {
    f.field("name", &found::name).field("vector", &found::vector).field("score", &found::score);
    f.field("sure", &found::sure).field("tags", &found::tags).field("age", &found::age).field("more", &found::more);
    f.field("rings", &found::rings);
  }
};

std::vector<outcome> all_outcomes() {
  outcome mean = kept<double>("mean", '4', {"photos"});
  mean.gathered = true;
  mean.per_item = false;
  return {kept<found>("face", '1', {"photos"}), kept<std::vector<double>>("vec", '2', {"photos"}),
          kept<std::string>("text", '3', {"photos"}), mean};
}

found one() {
  return {"ann", {1, 2, 3}, 0.5, true, {"a", "b"}, 7, part{{-1, 300}}, {{1}, {2, 3}}};
}
found two() {
  return {"", {4, 5, NAN}, -2, false, {}, {}, {}, {}};
}

void commit(const fs::path& run, const std::vector<commit_unit>& units) {
  auto store = run_store::open(run, all_outcomes());
  store->commit(units);
  store->write_gathered(3, "d", {value_row(3, encoded(0.25))}, {0});
}

std::vector<commit_unit> all_units() {
  std::string text = encoded(std::string("x"));
  return {
      unit_of("photos", "b\xff\n.jpg",
              {value_row(0, encoded(one())), value_row(1, encoded(std::vector<double>{1, 2})), value_row(2, text)}),
      unit_of("photos", "c.jpg",
              {other_row(0, status::skip, "no face"), other_row(1, status::error, "disk"), value_row(2, text)}),
      unit_of("photos", "a.jpg",
              {value_row(0, encoded(two())), value_row(1, encoded(std::vector<double>{3, 4})), value_row(2, text)})};
}

template <class T> std::string bytes_of(std::initializer_list<T> values) {
  return {reinterpret_cast<const char*>(values.begin()), values.size() * sizeof(T)};
}

// A file of that content; the header is padded with spaces to 128 bytes.
std::string npy(const std::string& description, const std::string& data) {
  std::string header = std::string("\x93NUMPY\x01\x00\x76\x00", 10) + description;
  header.append(127 - header.size(), ' ');
  return header + "\n" + data;
}

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

TEST_CASE("an export as npy, byte by byte") {
  scratch run;
  commit(run.path, all_units());
  fs::path to = run.path / "deep/out";
  export_summary done = export_npy(run.path, to);
  CHECK(done.items == 3);
  CHECK(done.notes == std::vector<std::string>{"'text' has no numbers and is left out; jsonl has it",
                                               "'mean' is one value for the whole run and is left out; jsonl has it",
                                               "face.ids.txt: 1 item without a value is left out",
                                               "face.age.ids.txt: 2 items without a value are left out",
                                               "face.more.at.ids.txt: 2 items without a value are left out",
                                               "vec.ids.txt: 1 item without a value is left out"});
  CHECK(names_in(to) == std::vector<std::string>{"face.age.ids.txt", "face.age.npy", "face.ids.txt",
                                                 "face.more.at.ids.txt", "face.more.at.npy", "face.score.npy",
                                                 "face.sure.npy", "face.vector.npy", "vec.ids.txt", "vec.npy"});
  CHECK(text_of(to / "face.ids.txt") == "a.jpg\nb%FF%0A.jpg\n");
  CHECK(text_of(to / "vec.ids.txt") == "a.jpg\nb%FF%0A.jpg\n");
  CHECK(text_of(to / "face.age.ids.txt") == "b%FF%0A.jpg\n");
  CHECK(text_of(to / "face.more.at.ids.txt") == "b%FF%0A.jpg\n");
  CHECK(text_of(to / "vec.npy") ==
        npy("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 2), }", bytes_of<double>({3, 4, 1, 2})));
  CHECK(text_of(to / "face.vector.npy") ==
        npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }", bytes_of<float>({4, 5, NAN, 1, 2, 3})));
  CHECK(text_of(to / "face.score.npy") ==
        npy("{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }", bytes_of<double>({-2, 0.5})));
  CHECK(text_of(to / "face.sure.npy") ==
        npy("{'descr': '|b1', 'fortran_order': False, 'shape': (2,), }", std::string("\0\1", 2)));
  CHECK(text_of(to / "face.age.npy") ==
        npy("{'descr': '<u4', 'fortran_order': False, 'shape': (1,), }", bytes_of<std::uint32_t>({7})));
  CHECK(text_of(to / "face.more.at.npy") ==
        npy("{'descr': '<i2', 'fortran_order': False, 'shape': (1, 2), }", bytes_of<std::int16_t>({-1, 300})));
}

TEST_CASE("no rows: the shape says so") {
  scratch run;
  commit(run.path, {});
  CHECK(export_npy(run.path, run.path / "out").items == 0);
  CHECK(text_of(run.path / "out/vec.npy") == npy("{'descr': '<f8', 'fortran_order': False, 'shape': (0, 0), }", ""));
  CHECK(text_of(run.path / "out/face.more.at.npy") ==
        npy("{'descr': '<i2', 'fortran_order': False, 'shape': (0, 2), }", ""));
  CHECK(text_of(run.path / "out/face.score.npy") ==
        npy("{'descr': '<f8', 'fortran_order': False, 'shape': (0,), }", ""));
  CHECK(text_of(run.path / "out/vec.ids.txt") == "");
}

TEST_CASE("every kind of number has its dtype, and data begins at a multiple of 64") {
  using flowrun::value_kind;
  const std::pair<value_kind, const char*> kinds[] = {
      {value_kind::boolean, "|b1"}, {value_kind::int8, "|i1"},   {value_kind::int16, "<i2"},
      {value_kind::int32, "<i4"},   {value_kind::int64, "<i8"},  {value_kind::uint8, "|u1"},
      {value_kind::uint16, "<u2"},  {value_kind::uint32, "<u4"}, {value_kind::uint64, "<u8"},
      {value_kind::float32, "<f4"}, {value_kind::float64, "<f8"}};
  for (const auto& kind : kinds) {
    number_column column;
    column.kind = kind.first;
    CHECK(contains(npy_header(column, 9, 1), "{'descr': '" + std::string(kind.second) + "', 'fortran"));
  }
  number_column column;
  column.kind = value_kind::float32;
  column.list = true;
  for (std::size_t rows = 1; rows < std::size_t{1} << 60; rows *= 10) {
    std::string header = npy_header(column, rows, rows);
    CHECK(header.size() % 64 == 0);
    CHECK(static_cast<unsigned char>(header[8]) + 256 * static_cast<unsigned char>(header[9]) + 10u == header.size());
    CHECK(header.back() == '\n');
    CHECK(contains(header, "(" + std::to_string(rows) + ", " + std::to_string(rows) + ")"));
  }
}

TEST_CASE("lists of differing length are told before anything is written") {
  scratch run;
  std::vector<commit_unit> units = all_units();
  found other = one();
  other.vector = {1};
  units.push_back(
      unit_of("photos", "d.jpg",
              {value_row(0, encoded(other)), other_row(1, status::skip, "none"), other_row(2, status::skip, "none")}));
  commit(run.path, units);
  CHECK(error_of([&] { export_npy(run.path, run.path / "out"); }) ==
        "65 'face.vector' of item 'd.jpg' has length 1, but that of item 'a.jpg' has 3: npy takes lists of one length; "
        "export jsonl or csv");
  CHECK_FALSE(fs::exists(run.path / "out"));
}

TEST_CASE("npy that cannot be written leaves nothing and says why") {
  scratch run, texts;
  commit(run.path, all_units());
  std::ofstream(run.path / "file") << "mine";
  CHECK(error_of([&] { export_npy(run.path, run.path / "file"); }) ==
        "74 " + run.path.string() + "/file: is no folder; npy is a folder of files");
  fs::create_directories(run.path / "out/vec.npy");
  CHECK(error_of([&] { export_npy(run.path, run.path / "out"); }) ==
        "74 " + run.path.string() + "/out/vec.npy: rename: Is a directory");
  for (const std::string& name : names_in(run.path / "out")) CHECK_FALSE(contains(name, "flowrun-tmp"));
  {
    database damaged(run.path / "run.db", database::access::existing);
    damaged.execute("UPDATE answers_2 SET value = x'00' WHERE item = 1", "test");
  }
  CHECK(error_of([&] { export_npy(run.path, run.path / "new"); }) ==
        "74 'vec' of item 'b%FF\n.jpg': the stored value ends early; the run directory is damaged");
  CHECK_FALSE(fs::exists(run.path / "new"));
  run_store::open(texts.path, {kept<std::string>("text", '1', {"photos"})})
      ->commit({unit_of("photos", "a", {value_row(0, encoded(std::string("x")))})});
  CHECK(error_of([&] { export_npy(texts.path, texts.path / "out"); }) ==
        "65 " + texts.path.string() +
            ": no kept port gives numbers for each item, so there is nothing for npy; export jsonl or csv");
  CHECK_FALSE(fs::exists(texts.path / "out"));
}

TEST_CASE("labels and fields from a strange database stay in the folder") {
  scratch run;
  commit(run.path, all_units());
  {
    database strange(run.path / "run.db", database::access::existing);
    strange.execute("UPDATE outcomes SET label = '../../vec' WHERE label = 'vec'", "test");
  }
  export_npy(run.path, run.path / "deep/out");
  CHECK(fs::exists(run.path / "deep/out/..%2F..%2Fvec.npy"));
  export_csv(run.path, run.path / "deep/out", {});
  CHECK(fs::exists(run.path / "deep/out/..%2F..%2Fvec.csv"));
  CHECK(names_in(run.path / "deep") == std::vector<std::string>{"out"});
}
