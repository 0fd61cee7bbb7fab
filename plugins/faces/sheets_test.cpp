#include "sheets.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <flowrun/testing.hpp>
#include <fstream>
#include <opencv2/imgcodecs.hpp>
#include <set>

namespace fs = std::filesystem;
using faces::crops;
using faces::identities;
using faces::membership;
using faces::sheets_made;

namespace {

const cv::Scalar red(0, 0, 220), green(0, 200, 0), blue(220, 0, 0);

faces::crop plain(const cv::Scalar& colour, int side = 40) {
  faces::crop c;
  REQUIRE(cv::imencode(".jpg", cv::Mat(side, side, CV_8UC3, colour), c.jpeg));
  return c;
}

// A run directory; each call is a gather of its own, as in a run.
struct place {
  flowrun::testing::temporary_folder top;
  fs::path folder = top.path() / "identities";
  std::string fault;

  sheets_made make(const flowrun::testing::column<identities>& found, const flowrun::testing::column<crops>& pictures,
                   int most = 100, bool nobody = false) {
    flowrun::testing::stage<faces::sheets> s;
    s.context.out = top.path().native();
    s.set("most", most).set("nobody", nobody);
    const auto done = s.gather(found, pictures);
    fault = done.reason;
    return done ? *done.get<sheets_made>() : sheets_made{};
  }
  std::set<std::string> there() const {
    std::set<std::string> all;
    for (const auto& entry : fs::directory_iterator(folder)) all.insert(entry.path().filename().native());
    return all;
  }
  std::string page() const {
    std::ifstream in(folder / "index.html", std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  cv::Mat sheet(const std::string& name) const { return cv::imread((folder / name).native(), cv::IMREAD_COLOR); }
};

// Of tile (column, row) of a sheet with the default size.
bool tile_is(const cv::Mat& sheet, int column, int row, const cv::Scalar& colour) {
  const auto v = sheet.at<cv::Vec3b>(34 + row * (112 + 18 + 8) + 56, 8 + column * (112 + 8) + 56);
  return std::abs(v[0] - colour[0]) < 20 && std::abs(v[1] - colour[1]) < 20 && std::abs(v[2] - colour[2]) < 20;
}

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("faces.sheets: a sheet of each identity, the best faces first") {
  place p;
  const sheets_made made =
      p.make({{{{{7, 0.2F, 0}, {12345, 1, 0}}}, {{{7, 0.9F, 0}}}, {{{7, 0.5F, 0}, {faces::nobody, 0, 1}}}, {}},
              {"a.jpg", "b.jpg", "sub/c.jpg", "d.jpg"}},
             {{{{plain(red), plain(red)}}, {{plain(green, 112)}}, {{plain(blue, 300), plain(red)}}, {}},
              {"a.jpg", "b.jpg", "sub/c.jpg", "d.jpg"}});
  REQUIRE(p.fault == "");
  CHECK(made.identities == 2);
  CHECK(made.sheets == 2);
  CHECK(made.faces == 4);
  CHECK(made.nobody == 1);
  CHECK(made.without_crop == 0);
  CHECK(p.there() == std::set<std::string>{".flowrun-files", "0007.jpg", "12345.jpg", "index.html"});
  const cv::Mat sheet = p.sheet("0007.jpg");
  REQUIRE(sheet.size() == cv::Size(8 + 3 * 120, 34 + 138));
  CHECK(tile_is(sheet, 0, 0, green));
  CHECK(tile_is(sheet, 1, 0, blue));
  CHECK(tile_is(sheet, 2, 0, red));
  CHECK(p.sheet("12345.jpg").rows == 34 + 138);
  const std::string page = p.page();
  for (const char* part : {"<h2>0007 <small>3 faces in 3 items</small></h2>", "<img src=\"0007.jpg\" width=\"368\"",
                           "<h2>12345 <small>1 face in 1 item</small></h2>", "<img src=\"12345.jpg\"",
                           "<li><bdi>sub/c.jpg</bdi></li>", "<p>identities: 2, faces: 4, faces of nobody: 1</p>"})
    CHECK_MESSAGE(holds(page, part), part);
  CHECK(page.find("id=\"0007\"") < page.find("id=\"12345\""));
  CHECK_FALSE(holds(page, "d.jpg"));
}

TEST_CASE("faces.sheets: rows and columns, most faces, and the rest is counted") {
  place p;
  flowrun::testing::column<identities> found;
  flowrun::testing::column<crops> pictures;
  for (int i = 0; i < 12; ++i) {
    found.values.push_back({{{0, 1 - static_cast<float>(i) / 20, 0}}});
    pictures.values.push_back({{plain(i < 5 ? green : red)}});
  }
  const sheets_made made = p.make(found, pictures, 5);
  REQUIRE(p.fault == "");
  CHECK(made.faces == 12);
  const cv::Mat sheet = p.sheet("0000.jpg");
  REQUIRE(sheet.size() == cv::Size(8 + 3 * 120, 34 + 2 * 138));
  for (int i = 0; i < 5; ++i) CHECK(tile_is(sheet, i % 3, i / 3, green));
  CHECK(tile_is(sheet, 2, 1, {250, 250, 250}));
  CHECK(holds(p.page(), "<small>12 faces in 12 items, 5 shown</small>"));
}

TEST_CASE("faces.sheets: nobody's faces, if asked for") {
  place p;
  const flowrun::testing::column<identities> found{{{{{faces::nobody, 0, 1}, {faces::nobody, 0, 1}, {3, 1, 0}}}}};
  const flowrun::testing::column<crops> pictures{{{{plain(red), plain(blue), plain(green)}}}};
  CHECK(p.make(found, pictures, 100, true).sheets == 2);
  CHECK(p.there() == std::set<std::string>{".flowrun-files", "0003.jpg", "index.html", "nobody.jpg"});
  CHECK(tile_is(p.sheet("nobody.jpg"), 0, 0, red));
  CHECK(tile_is(p.sheet("nobody.jpg"), 1, 0, blue));
  const std::string page = p.page();
  CHECK(page.find("id=\"0003\"") < page.find("id=\"nobody\""));
  CHECK(p.make(found, pictures).sheets == 1);
  CHECK_FALSE(fs::exists(p.folder / "nobody.jpg"));
}

TEST_CASE("faces.sheets: keys are any bytes, and the page shows them as text") {
  place p;
  const std::vector<std::string> keys = {"<script>alert(1)</script>.jpg",
                                         "a&b \"c\" 'd'.jpg",
                                         "\xff\n.jpg",
                                         "b\xc3\xa4r.jpg",
                                         "\xe2\x80\xae"
                                         "gpj.exe",
                                         "100%.jpg"};
  flowrun::testing::column<identities> found;
  flowrun::testing::column<crops> pictures;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    found.values.push_back({{{0, 1, 0}}});
    pictures.values.push_back({{plain(red)}});
  }
  found.keys = pictures.keys = keys;
  p.make(found, pictures);
  REQUIRE(p.fault == "");
  const std::string page = p.page();
  CHECK_FALSE(holds(page, "<script"));
  for (const char* shown : {"&lt;script&gt;alert(1)&lt;/script&gt;.jpg", "a&amp;b &quot;c&quot; &#39;d&#39;.jpg",
                            "%FF%0A.jpg", "b\xc3\xa4r.jpg",
                            "\xe2\x80\xae"
                            "gpj.exe",
                            "100%25.jpg"})
    CHECK_MESSAGE(holds(page, "<li><bdi>" + std::string(shown) + "</bdi></li>"), shown);
}

TEST_CASE("faces.sheets: items that only one table has") {
  place p;
  const flowrun::testing::column<identities> found{{{{{0, 1, 0}}}, {{{0, 1, 0}, {1, 1, 0}}}, {}}, {"a", "b", "c"}};
  const flowrun::testing::column<crops> pictures{{{{plain(red)}}, {{plain(blue)}}}, {"a", "other"}};
  const sheets_made made = p.make(found, pictures);
  REQUIRE(p.fault == "");
  CHECK(made.identities == 2);
  CHECK(made.sheets == 1);
  CHECK(made.faces == 3);
  CHECK(made.without_crop == 2);
  CHECK(p.there() == std::set<std::string>{".flowrun-files", "0000.jpg", "index.html"});
  CHECK(holds(p.page(), "<h2>0000 <small>2 faces in 2 items, 1 shown</small></h2>"));
  CHECK(holds(p.page(), "<h2>0001 <small>1 face in 1 item, 0 shown</small></h2>\n<details>"));
}

TEST_CASE("faces.sheets: tables that do not fit together") {
  place p;
  const flowrun::testing::column<identities> found{{{{{0, 1, 0}}}}, {"a"}};
  p.make(found, {{{{plain(red), plain(red)}}}, {"a"}});
  CHECK(p.fault ==
        "of the item 'a' there are 1 in 'identities' and 2 in 'crops'; wire both to what comes of the same faces");
  p.make(found, {{{{plain(red)}}}, {"b"}});
  CHECK(p.fault == "no item that has faces in 'identities' is in 'crops'; wire both to stages of the same source");
  p.make(found, {{{{plain(red)}}, {}}, {"a", "a"}});
  CHECK(p.fault ==
        "two items of 'crops' have the key 'a': their sources have files of the same name; read all folders by one "
        "source, with its param 'paths'");
  faces::crop broken;
  broken.jpeg = {1, 2, 3};
  p.make(found, {{{{broken}}}, {"a"}});
  CHECK(p.fault == "a face of 'a' is no JPEG");
}

TEST_CASE("faces.sheets: a second run changes nothing, and sheets of those who are no more go") {
  place p;
  const flowrun::testing::column<crops> pictures{{{{plain(red), plain(blue)}}}};
  p.make({{{{{0, 1, 0}, {1, 1, 0}}}}}, pictures);
  std::ofstream(p.folder / "0005.jpg") << "mine";
  const auto long_ago = fs::file_time_type::clock::now() - std::chrono::hours(5);
  for (const std::string& name : p.there()) fs::last_write_time(p.folder / name, long_ago);
  p.make({{{{{0, 1, 0}, {1, 1, 0}}}}}, pictures);
  for (const std::string& name : p.there()) CHECK(fs::last_write_time(p.folder / name) == long_ago);
  p.make({{{{{1, 1, 0}, {1, 1, 0}}}}}, pictures);
  REQUIRE(p.fault == "");
  CHECK(p.there() == std::set<std::string>{".flowrun-files", "0001.jpg", "0005.jpg", "index.html"});
  CHECK(p.sheet("0001.jpg").cols == 8 + 2 * 120);
  p.make({{{{{5, 1, 0}, {5, 1, 0}}}}}, pictures);
  CHECK(p.fault ==
        "'" + (p.folder / "0005.jpg").native() + "' is in the way: the stage 'sheets' did not make it; move it away");
  CHECK(fs::exists(p.folder / "0001.jpg"));
}

TEST_CASE("faces.sheets: of nothing there is a page that says so") {
  place p;
  const sheets_made made = p.make({}, {});
  REQUIRE(p.fault == "");
  CHECK(made.identities + made.sheets + made.faces == 0);
  CHECK(p.there() == std::set<std::string>{".flowrun-files", "index.html"});
  CHECK(holds(p.page(), "<p>identities: 0, faces: 0, faces of nobody: 0</p>"));
}
