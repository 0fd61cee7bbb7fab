#include <algorithm>

#include "boxes_fixture.hpp"
#include "store/exports.hpp"
#include "store/label_path.hpp"

using namespace store_test;
using flowrun::status;

namespace {

using strings = std::vector<std::string>;

strings files_below(const fs::path& folder) {
  strings names;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (!entry.is_directory()) names.push_back(fs::relative(entry.path(), folder).string());
  std::sort(names.begin(), names.end());
  return names;
}

std::string path_of(const std::string& key, const std::string& stream = "") {
  exported_item item;
  item.key = key;
  item.stream = stream;
  return label_path(item);
}

std::string export_of(const fs::path& run, const std::vector<outcome>& outcomes,
                      const std::vector<commit_unit>& units) {
  commit_boxes(run, outcomes, units);
  return error_of([&] { export_yolo(run, run / "out"); });
}

commit_unit one_box(const std::string& source, const std::string& key) {
  return unit_of(source, key, {value_row(0, encoded(faces{10, 10, {{1, 1, 2, 2, {}, {}}}}))});
}

}  // namespace

TEST_CASE("an export as yolo, byte by byte") {
  scratch run;
  commit_boxes(run.path, box_outcomes(), box_units());
  fs::path to = run.path / "deep/out";
  export_summary done = export_yolo(run.path, to);
  CHECK(done.items == 3);
  CHECK(done.notes == strings{"1 item without a value is left out", "1 box outside its picture is left out",
                              "1 box with NaN or infinity in it is left out"});
  CHECK(files_below(to) ==
        strings{"classes.txt", "data.yaml", "labels/a%%FF.txt", "labels/b.txt", "labels/sub/x_000012.txt"});
  CHECK(text_of(to / "classes.txt") == "cup\nfaces\nthings\n");
  CHECK(text_of(to / "data.yaml") ==
        "train: images\nval: images\nnames:\n  0: \"cup\"\n  1: \"faces\"\n  2: \"things\"\n");
  CHECK(text_of(to / "labels/sub/x_000012.txt") ==
        "1 0.117188 0.078125 0.234375 0.156250\n2 0.039062 0.125000 0.046875 0.125000\n");
  CHECK(text_of(to / "labels/b.txt") ==
        "1 0.105500 0.430000 0.001000 0.060000\n1 0.950000 0.900000 0.100000 0.200000\n"
        "0 0.550000 0.600000 0.100000 0.200000\n");
  CHECK(text_of(to / "labels/a%%FF.txt") == "");
}

TEST_CASE("labels are named like the picture and stay in their folder") {
  CHECK(path_of("a.jpg") == "a.txt");
  CHECK(path_of("2024/a b.tar.jpg") == "2024/a b.tar.txt");
  CHECK(path_of("v1.5/a") == "v1.5/a.txt");
  CHECK(path_of(".hidden") == ".hidden.txt");
  CHECK(path_of("50%.jpg") == "50%.txt");
  CHECK(path_of("\xc3\xa4.jpg") == "\xc3\xa4.txt");
  CHECK(path_of("\xff\n.jpg") == "%FF%0A.txt");
  CHECK(path_of("../../etc/passwd") == "%2E%2E/%2E%2E/etc/passwd.txt");
  CHECK(path_of("/etc//./a.jpg") == "etc/a.txt");
  CHECK(path_of("..") == "_.txt");
  CHECK(path_of("/") == "_.txt");
  CHECK(path_of("") == "_.txt");
  CHECK(path_of("sub/clip.mp4#000123", "sub/clip.mp4") == "sub/clip_000123.txt");
  CHECK(path_of("clip#7", "clip") == "clip_7.txt");
  CHECK(path_of("other.png", "clip.mp4") == "other.txt");
}

TEST_CASE("a picture's name may be as long as a name may be") {
  scratch run;
  const std::string name(251, 'n');
  CHECK(export_of(run.path, {kept<faces>("faces", '1', {"photos"})}, {one_box("photos", name + ".jpg")}) == "no error");
  CHECK(text_of(run.path / "out/labels" / (name + ".txt")) == "0 0.200000 0.200000 0.200000 0.200000\n");
}

TEST_CASE("boxes of ports that do not say the picture's size are left out, and said") {
  scratch run;
  commit_boxes(
      run.path, {kept<faces>("faces", '1', {"photos"}), kept<places>("at", '2', {"photos"})},
      {unit_of("photos", "a.jpg",
               {value_row(0, encoded(faces{10, 10, {}})), value_row(1, encoded(places{{{1, 2, 3, 4, {}, {}}}}))})});
  export_summary done = export_yolo(run.path, run.path / "out");
  CHECK(done.notes == strings{"'at' does not say how large the picture is and is left out; coco has it"});
  CHECK(text_of(run.path / "out/labels/a.txt") == "");
}

TEST_CASE("what yolo refuses, before anything is written") {
  scratch texts, places_only, unsized, alike, sources;
  const std::vector<outcome> only_faces = {kept<faces>("faces", '1', {"photos", "more"})};
  CHECK(export_of(texts.path, {kept<std::string>("text", '1', {"photos"})}, {}) ==
        "65 " + texts.path.string() +
            ": no kept port gives boxes for each item, so there is nothing for yolo; keep one that has a list of "
            "objects with numbers x, y, w and h");
  CHECK(
      export_of(places_only.path, {kept<places>("at", '1', {"photos"})}, {}) ==
      "65 " + places_only.path.string() +
          ": 'at' has no whole numbers width and height beside its list of boxes, so there is nothing for yolo, which "
          "needs the size of the picture; export coco");
  CHECK(
      export_of(unsized.path, only_faces,
                {unit_of("photos", "a.jpg", {value_row(0, encoded(faces{10, 0, {{1, 1, 2, 2, {}, {}}}}))})}) ==
      "65 'faces' of item 'a.jpg' has boxes, but says that the picture is 10 x 0 px: yolo needs its size; export coco");
  CHECK(export_of(alike.path, only_faces,
                  {one_box("photos", "a.jpg"), one_box("photos", "b.jpg"), one_box("photos", "a.png")}) ==
        "65 items 'a.jpg' of 'photos' and 'a.png' of 'photos' would have the same labels, labels/a.txt; rename one of "
        "them, or export coco");
  CHECK(export_of(sources.path, only_faces, {one_box("photos", "a.jpg"), one_box("more", "a.jpg")}) ==
        "65 items 'a.jpg' of 'more' and 'a.jpg' of 'photos' would have the same labels, labels/a.txt; rename one of "
        "them, or export coco");
  for (const scratch* run : {&texts, &places_only, &unsized, &alike, &sources})
    CHECK_FALSE(fs::exists(run->path / "out"));
}

TEST_CASE("yolo that cannot be written says why") {
  scratch run;
  commit_boxes(run.path, box_outcomes(), box_units());
  std::ofstream(run.path / "file") << "mine";
  CHECK(error_of([&] { export_yolo(run.path, run.path / "file"); }) ==
        "74 " + run.path.string() + "/file/labels: is no folder; yolo is a folder of files");
  // A label file's place is taken by a folder: nothing unfinished is left.
  fs::create_directories(run.path / "out/labels/b.txt");
  CHECK(error_of([&] { export_yolo(run.path, run.path / "out"); }) ==
        "74 " + run.path.string() + "/out/labels/b.txt: rename: Is a directory");
  for (const std::string& name : files_below(run.path / "out")) CHECK_FALSE(contains(name, "flowrun-tmp"));
}

TEST_CASE("more label files than are synced at a time") {
  scratch run;
  std::vector<commit_unit> units;
  for (int i = 0; i < 2003; ++i) units.push_back(one_box("photos", "p" + std::to_string(i) + ".jpg"));
  CHECK(export_of(run.path, {kept<faces>("faces", '1', {"photos"})}, units) == "no error");
  CHECK(files_below(run.path / "out/labels").size() == 2003);
  for (int i : {0, 999, 1000, 2002})
    CHECK(text_of(run.path / ("out/labels/p" + std::to_string(i) + ".txt")) ==
          "0 0.200000 0.200000 0.200000 0.200000\n");
}
