#include <algorithm>
#include <cmath>

#include "fixture.hpp"
#include "store/csv_value.hpp"
#include "store/exports.hpp"

using namespace store_test;
using flowrun::status;

namespace {

struct head {
  float angle = 0;
  std::optional<std::string> name;
  static void fields(flowrun::fields<head>& f) { f.field("angle", &head::angle).field("Name", &head::name); }
};
struct face {
  std::string note;
  bool found = false;
  std::int64_t count = 0;
  std::array<float, 3> box{};
  head pose;
  std::optional<head> other;
  std::vector<std::int32_t> sizes;
  std::array<std::array<std::uint8_t, 2>, 2> grid{};
  std::string item;
  static void fields(flowrun::fields<face>& f) {
    f.field("note", &face::note).field("found", &face::found).field("count", &face::count).field("box", &face::box);
    f.field("pose", &face::pose).field("other", &face::other).field("sizes", &face::sizes);
    f.field("grid", &face::grid).field("item", &face::item);
  }
};

face full() {
  face f;
  f.note = "=1+1, \"x\"\r\nnext";
  f.found = true;
  f.count = -5;
  f.box = {0.1f, -1, INFINITY};
  f.pose = {2.5f, "-"};
  f.other = head{-7, {}};
  f.sizes = {1, -2};
  f.grid = {{{1, 2}, {3, 255}}};
  f.item = "mine";
  return f;
}

std::vector<outcome> all_outcomes() {
  outcome mean = kept<double>("mean", '4', {"photos"}), sink;
  mean.gathered = true;
  mean.per_item = false;
  sink.stage = sink.label = "write";
  sink.fingerprint = hash16('3');
  sink.sources = {"photos"};
  outcome items = kept<std::string>("items", '5', {"photos"});
  return {kept<face>("face", '1', {"photos"}), kept<std::string>("text", '2', {"photos", "clips"}), sink, mean, items};
}

void fill(const fs::path& run) {
  auto store = run_store::open(run, all_outcomes());
  std::vector<commit_unit> units;
  units.push_back(unit_of("photos", "=b\xff%,.jpg",
                          {value_row(0, encoded(full())), value_row(1, encoded(std::string("@x"))), value_row(2, ""),
                           value_row(4, encoded(std::string("a")))}));
  commit_unit failed = unit_of("photos", "a.jpg",
                               {other_row(0, status::skip, "no \"face\""), value_row(1, encoded(std::string())),
                                other_row(2, status::error, "disk"), value_row(4, encoded(std::string("b")))});
  failed.status = item_status::failed;
  failed.reason = "disk";
  units.push_back(failed);
  commit_unit frame = unit_of("clips", "x.mp4#3", {value_row(1, encoded(std::string("\xc3\xa4")))});
  frame.item.stream = "x.mp4";
  frame.item.seq = 3;
  frame.item.time_ns = 3000;
  units.push_back(frame);
  store->commit(units);
  store->write_gathered(3, "d", {value_row(3, encoded(0.25))}, {0});
}

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<std::string> columns(const flowrun::schema& s, bool sorted = false) {
  return csv_layout(s, sorted, {"item", "value.item"}).columns();
}

}  // namespace

TEST_CASE("an export as csv, byte by byte") {
  scratch run;
  fill(run.path);
  fs::path to = run.path / "deep/out";
  export_summary done = export_csv(run.path, to, {});
  CHECK(done.items == 3);
  CHECK(done.notes == std::vector<std::string>{"'mean' is one value for the whole run and is left out; jsonl has it"});
  CHECK(names_in(to) == std::vector<std::string>{"face.csv", "items.csv", "items.out.csv", "text.csv"});
  CHECK(text_of(to / "items.csv") ==
        "item,source,stream,seq,time_ns,status,reason\r\n"
        "x.mp4#3,clips,x.mp4,3,3000,done,\r\n"
        "\"'=b%FF%25,.jpg\",photos,,0,0,done,\r\n"
        "a.jpg,photos,,1,0,failed,disk\r\n");
  CHECK(
      text_of(to / "face.csv") ==
      "item,source,stream,reason,note,found,count,box.0,box.1,box.2,pose.angle,pose.Name,other.angle,other.Name,sizes,"
      "grid,value.item\r\n"
      "\"'=b%FF%25,.jpg\",photos,,,\"'=1+1, \"\"x\"\"\r\nnext\",true,-5,0.1,-1,,2.5,'-,-7,,\"[1,-2]\",\"[[1,2],[3,255]]"
      "\",mine\r\n"
      "a.jpg,photos,,\"no \"\"face\"\"\",,,,,,,,,,,,,\r\n");
  CHECK(text_of(to / "text.csv") ==
        "item,source,stream,reason,value\r\n"
        "x.mp4#3,clips,x.mp4,,\xc3\xa4\r\n"
        "\"'=b%FF%25,.jpg\",photos,,,'@x\r\n"
        "a.jpg,photos,,,\"\"\r\n");
  CHECK(text_of(to / "items.out.csv") ==
        "item,source,stream,reason,value\r\n"
        "\"'=b%FF%25,.jpg\",photos,,,a\r\n"
        "a.jpg,photos,,,b\r\n");
}

TEST_CASE("again over an earlier export: its files are replaced, others stay") {
  scratch run;
  fill(run.path);
  fs::path to = run.path / "out";
  fs::create_directory(to);
  std::ofstream(to / "text.csv") << "old";
  std::ofstream(to / "notes.txt") << "mine";
  CHECK(export_csv(run.path, to, {}).items == 3);
  CHECK(text_of(to / "text.csv").rfind("item,source,", 0) == 0);
  CHECK(text_of(to / "notes.txt") == "mine");
}

TEST_CASE("canonical: fields in sorted order, cells with them") {
  scratch run;
  fill(run.path);
  export_options options;
  options.canonical = true;
  export_csv(run.path, run.path / "out", options);
  std::string text = text_of(run.path / "out/face.csv");
  CHECK(text.substr(0, text.find("\r\n")) ==
        "item,source,stream,reason,box.0,box.1,box.2,count,found,grid,value.item,note,other.Name,other.angle,pose.Name,"
        "pose.angle,sizes");
  CHECK(contains(text,
                 ",photos,,,0.1,-1,,-5,true,\"[[1,2],[3,255]]\",mine,\"'=1+1, \"\"x\"\"\r\nnext\",,-7,'-,2.5,"
                 "\"[1,-2]\"\r\n"));
}

TEST_CASE("texts that a spreadsheet would run are marked; numbers are not touched") {
  for (const char* text : {"=1", "+1", "-1", "@a", "\ta"}) CHECK(csv_text(text) == "'" + std::string(text));
  CHECK(csv_text("\ra") == "\"'\ra\"");
  CHECK(csv_text("=\"a\"") == "\"'=\"\"a\"\"\"");
  for (const char* text : {"a=1", "1-2", " =1", "'=1"}) CHECK(csv_text(text) == text);
  CHECK(csv_text("a\nb") == "\"a\nb\"");
  CHECK(csv_text("") == "\"\"");
}

TEST_CASE("columns by the schema") {
  using strings = std::vector<std::string>;
  CHECK(columns(flowrun::codec<double>::describe()) == strings{"value"});
  CHECK(columns(flowrun::codec<std::optional<std::string>>::describe()) == strings{"value"});
  CHECK(columns(flowrun::codec<std::array<std::string, 2>>::describe()) == strings{"value.0", "value.1"});
  CHECK(columns(flowrun::codec<std::vector<head>>::describe()) == strings{"value"});
  CHECK(columns(flowrun::codec<std::optional<head>>::describe()) == strings{"angle", "Name"});
  CHECK(columns(flowrun::codec<std::optional<head>>::describe(), true) == strings{"Name", "angle"});
  // More than a spreadsheet holds stay one cell.
  CHECK(columns(flowrun::codec<std::array<float, 16384>>::describe()).size() == 16384);
  CHECK(columns(flowrun::codec<std::array<float, 16385>>::describe()) == strings{"value"});
  flowrun::schema named = flowrun::codec<head>::describe();
  named.children[0].name = named.children[1].name = "item";
  CHECK(columns(named) == strings{"value.value.item", "value.value.value.item"});
}

TEST_CASE("csv that cannot be written leaves nothing and says why") {
  scratch run;
  fill(run.path);
  std::ofstream(run.path / "file") << "mine";
  CHECK(error_of([&] { export_csv(run.path, run.path / "file", {}); }) ==
        "74 " + run.path.string() + "/file: is no folder; csv is a folder of files");
  CHECK(error_of([&] { export_csv(run.path, run.path / "file/out", {}); }) ==
        "74 " + run.path.string() + "/file/out: is no folder; csv is a folder of files");
  CHECK(error_of([&] { export_csv(run.path, "/proc/out", {}); }) ==
        "74 /proc/out: cannot be made: No such file or directory; choose another place");
  CHECK(contains(error_of([&] { export_csv(run.path / "none", run.path / "out", {}); }), "64 "));
  {
    database damaged(run.path / "run.db", database::access::existing);
    damaged.execute("UPDATE answers_1 SET value = x'00' WHERE item = 1", "test");
  }
  CHECK(error_of([&] { export_csv(run.path, run.path / "out", {}); }) ==
        "74 'face' of item '=b%FF%25,.jpg': the stored value ends early; the run directory is damaged");
  CHECK(names_in(run.path / "out").empty());
}
