#include <algorithm>

#include "boxes_fixture.hpp"
#include "store/exports.hpp"

using namespace store_test;
using flowrun::status;

namespace {

constexpr auto expected = R"({"info":{"description":"exported by flowrun"},
"licenses":[],
"images":[
{"id":1,"file_name":"sub/x.mp4#000012","width":64,"height":32,"source":"clips","video":"sub/x.mp4","frame":12},
{"id":2,"file_name":"a%25%FF.jpg","width":8,"height":6,"source":"photos"},
{"id":3,"file_name":"b.jpg","width":100,"height":50,"source":"photos"}],
"annotations":[
{"id":1,"image_id":1,"category_id":2,"bbox":[-5,-5,20,10],"area":200,"iscrowd":0,"segmentation":[],"keypoints":[1,2,2,0,0,0],"num_keypoints":1,"identity":3},
{"id":2,"image_id":1,"category_id":3,"bbox":[1,2,3,4],"area":12,"iscrowd":0,"segmentation":[]},
{"id":3,"image_id":3,"category_id":2,"bbox":[10.5,20,0.1,3],"area":0.3,"iscrowd":0,"segmentation":[],"score":0.75,"keypoints":[10,20,2,30.5,40,2],"num_keypoints":2,"identity":0},
{"id":4,"image_id":3,"category_id":2,"bbox":[90,40,20,20],"area":400,"iscrowd":0,"segmentation":[],"keypoints":[91,41,2,92,42,2],"num_keypoints":2,"identity":-1},
{"id":5,"image_id":3,"category_id":1,"bbox":[50,25,10,10],"area":100,"iscrowd":0,"segmentation":[]},
{"id":6,"image_id":3,"category_id":1,"bbox":[200,0,5,5],"area":25,"iscrowd":0,"segmentation":[]}],
"categories":[
{"id":1,"name":"cup","supercategory":""},
{"id":2,"name":"faces","supercategory":"","keypoints":["0","1"],"skeleton":[]},
{"id":3,"name":"things","supercategory":""}]}
)";

constexpr auto expected_sorted = R"({"annotations":[
{"area":200,"bbox":[-5,-5,20,10],"category_id":2,"id":1,"identity":3,"image_id":1,"iscrowd":0,"keypoints":[1,2,2,0,0,0],"num_keypoints":1,"segmentation":[]},
)";

using strings = std::vector<std::string>;

std::string sorted_text(const fs::path& run) {
  export_options options;
  options.canonical = true;
  export_coco(run, run / "sorted.json", options);
  return text_of(run / "sorted.json");
}

// Of a run with one item whose values are given.
template <class... Values>
std::string one_item(const fs::path& run, std::vector<outcome> outcomes, const Values&... v) {
  std::vector<outcome_row> rows;
  ((rows.push_back(value_row(rows.size(), encoded(v)))), ...);
  commit_boxes(run, outcomes, {unit_of("photos", "a.jpg", rows)});
  return error_of([&] { export_coco(run, run / "out.json", {}); });
}

}  // namespace

TEST_CASE("an export as coco, byte by byte") {
  scratch run;
  commit_boxes(run.path, box_outcomes(), box_units());
  export_summary done = export_coco(run.path, run.path / "faces.json", {});
  CHECK(done.items == 3);
  CHECK(done.notes == strings{"1 item without a value is left out", "1 box with NaN or infinity in it is left out"});
  CHECK(text_of(run.path / "faces.json") == expected);
}

TEST_CASE("canonical coco: sorted keys, and the order of commits does not matter") {
  scratch one, two;
  std::vector<commit_unit> units = box_units();
  commit_boxes(one.path, box_outcomes(), units);
  std::reverse(units.begin(), units.end());
  commit_boxes(two.path, box_outcomes(), units);
  const std::string text = sorted_text(one.path);
  CHECK(text == sorted_text(two.path));
  CHECK(text.rfind(expected_sorted, 0) == 0);
  CHECK(contains(text, "],\n\"categories\":[\n{\"id\":1,"));
  CHECK(contains(text, "],\n\"images\":[\n{\"file_name\":\"sub/x.mp4#000012\",\"frame\":12,\"height\":32,\"id\":1,"));
  CHECK(contains(text, "\"width\":100}],\n\"info\":{\"description\":\"exported by flowrun\"},\n\"licenses\":[]}\n"));
}

TEST_CASE("coco without any item") {
  scratch run;
  commit_boxes(run.path, box_outcomes(), {});
  CHECK(export_coco(run.path, run.path / "none.json", {}).items == 0);
  CHECK(text_of(run.path / "none.json") ==
        "{\"info\":{\"description\":\"exported by flowrun\"},\n\"licenses\":[],\n\"images\":[],\n\"annotations\":[],\n"
        "\"categories\":[\n{\"id\":1,\"name\":\"faces\",\"supercategory\":\"\",\"keypoints\":[\"0\",\"1\"],"
        "\"skeleton\":[]}]}\n");
}

TEST_CASE("boxes without the size of their picture") {
  scratch run;
  CHECK(one_item(run.path, {kept<places>("at", '1', {"photos"})}, places{{{1, 2, 3, 4, 1.0f, {5, 6, 7, 8}}}}) ==
        "no error");
  CHECK(contains(text_of(run.path / "out.json"),
                 "\"images\":[\n{\"id\":1,\"file_name\":\"a.jpg\",\"source\":\"photos\"}],\n"));
  CHECK(export_coco(run.path, run.path / "out.json", {}).notes ==
        strings{"1 image has no width and height: their size is not kept"});
}

TEST_CASE("identities that may belong to several boxes are left out, and said") {
  scratch two_boxes, two_identities, none;
  const faces one{10, 10, {{1, 1, 2, 2, {}, {}}}};
  const identities who{{{4, 1}}};
  CHECK(one_item(two_boxes.path,
                 {kept<faces>("faces", '1', {"photos"}), kept<faces>("heads", '2', {"photos"}),
                  kept<identities>("who", '3', {"photos"})},
                 one, one, who) == "no error");
  CHECK(export_coco(two_boxes.path, two_boxes.path / "out.json", {}).notes ==
        strings{"the identities of 'who' are left out: they fit the boxes of 'faces' and 'heads'; keep one of them"});
  CHECK_FALSE(contains(text_of(two_boxes.path / "out.json"), "identity"));
  CHECK(one_item(two_identities.path,
                 {kept<faces>("faces", '1', {"photos"}), kept<identities>("who", '2', {"photos"}),
                  kept<identities>("whom", '3', {"photos"})},
                 one, who, who) == "no error");
  CHECK(export_coco(two_identities.path, two_identities.path / "out.json", {}).notes ==
        strings{"the identities of 'who' are left out: those of 'who' and 'whom' all fit 'faces'; keep one of them",
                "the identities of 'whom' are left out: those of 'who' and 'whom' all fit 'faces'; keep one of them"});
  CHECK(one_item(none.path, {kept<faces>("faces", '1', {"photos"}), kept<identities>("who", '2', {"photos"})}, one,
                 identities{{{4, 1}, {5, 1}}}) == "no error");
  CHECK(export_coco(none.path, none.path / "out.json", {}).notes ==
        strings{"the identities of 'who' are left out: no boxes have lists of the same length"});
}

TEST_CASE("what coco refuses, before anything is written") {
  scratch texts, sizes, damaged;
  CHECK(one_item(texts.path, {kept<identities>("who", '1', {"photos"})}, identities{{{1, 1}}}) ==
        "65 " + texts.path.string() +
            ": no kept port gives boxes for each item, so there is nothing for coco; keep one that has a list of "
            "objects with numbers x, y, w and h");
  CHECK(one_item(sizes.path, {kept<faces>("faces", '1', {"photos"}), kept<things>("things", '2', {"photos"})},
                 faces{64, 32, {}}, things{{}, 16, 32, ""}) ==
        "65 'things' of item 'a.jpg' is of a picture of 32 x 16 px, but 'faces' of one of 64 x 32 px: coco has one "
        "size for each picture; keep one of the two, or export jsonl or csv");
  commit_boxes(damaged.path, box_outcomes(), box_units());
  {
    database db(damaged.path / "run.db", database::access::existing);
    db.execute("UPDATE answers_2 SET value = x'01000000' WHERE item = 1", "test");
  }
  CHECK(error_of([&] { export_coco(damaged.path, damaged.path / "out.json", {}); }) ==
        "74 'who' of item 'sub/x.mp4#000012': the stored value has a list of 1 elements in 0 bytes; the run directory "
        "is damaged");
  for (const scratch* run : {&texts, &sizes, &damaged}) CHECK_FALSE(fs::exists(run->path / "out.json"));
}
