// image.write as the runtime drives it: through the library's stamp.
#include <doctest/doctest.h>
#include <stdlib.h>

#include <algorithm>
#include <atomic>

#include <filesystem>
#include <flowrun/opencv.hpp>
#include <flowrun/plugin.hpp>
#include <opencv2/imgcodecs.hpp>
#include <thread>

extern "C" const flowrun::plugin_stamp flowrun_plugin;

namespace fs = std::filesystem;

namespace {

using texts = std::vector<std::string>;

// The sink "out" of a run directory of its own, which goes away with it.
class driven_sink {
 public:
  driven_sink() : info_(flowrun_plugin.stages().at(0)), self_(info_.create()) {
    std::string name = (fs::temp_directory_path() / "flowrun-image-XXXXXX").native();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    run_directory = name;
  }
  driven_sink(const driven_sink&) = delete;
  driven_sink& operator=(const driven_sink&) = delete;
  ~driven_sink() {
    info_.destroy(self_);
    std::error_code ignored;
    fs::remove_all(run_directory, ignored);
  }

  driven_sink& set(const std::string& name, const flowrun::param_value& value) {
    for (const flowrun::param_info& p : info_.params)
      if (p.name == name) p.set(p.at, self_, value);
    return *this;
  }
  driven_sink& open() {
    flowrun::stage_context context;
    context.stage = "out";
    context.out = run_directory.native();
    info_.open(self_, context);
    return *this;
  }
  // The error, empty when it was written.
  std::string write(const flowrun::image& image, std::string_view key, std::uint64_t seq = 0) {
    flowrun::item_info item;
    item.key = key;
    item.seq = seq;
    const void* in[] = {&image};
    std::string reason;
    flowrun::call_frame frame;
    frame.in = in;
    frame.reason = &reason;
    frame.item = &item;
    flowrun::status answer = info_.call(info_, self_, frame);
    return answer == flowrun::status::value ? "" : (frame.stop_run ? "stop: " : "") + reason;
  }
  texts files() const {
    texts all;
    for (const auto& entry : fs::recursive_directory_iterator(run_directory))
      if (!entry.is_directory()) all.push_back(entry.path().lexically_relative(run_directory).native());
    std::sort(all.begin(), all.end());
    return all;
  }
  const flowrun::stage_info& info() const { return info_; }

  fs::path run_directory;

 private:
  flowrun::stage_info info_;
  void* self_;
};

flowrun::image coloured(int width, int height, int channels, cv::Scalar colour = {10, 200, 90, 255}) {
  return flowrun::share(cv::Mat(height, width, CV_8UC(channels), colour));
}

}  // namespace

TEST_CASE("the item is no input") {
  driven_sink s;
  REQUIRE(s.info().inputs.size() == 1);
  CHECK(s.info().inputs[0].name == "image");
  CHECK(s.info().shape == flowrun::stage_shape::sink);
  CHECK_FALSE(s.info().serial);
}

TEST_CASE("images are written where their key says, in every format") {
  driven_sink s;
  s.open();
  for (const char* key : {"a.jpg", "sub/deep/b.PNG", "c.webp", "d.tif", "e.bmp", "\xff.jpeg"})
    CHECK(s.write(coloured(8, 6, 3), key) == "");
  CHECK(s.files() == texts{"out/a.jpg", "out/c.webp", "out/d.tif", "out/e.bmp", "out/sub/deep/b.PNG", "out/\xff.jpeg"});
  cv::Mat back = cv::imread((s.run_directory / "out/sub/deep/b.PNG").native(), cv::IMREAD_UNCHANGED);
  CHECK(back.size() == cv::Size(8, 6));
  CHECK(back.at<cv::Vec3b>(5, 7) == cv::Vec3b(10, 200, 90));
  CHECK(cv::imread((s.run_directory / "out/a.jpg").native()).size() == cv::Size(8, 6));
}

TEST_CASE("format decides over the extension, and is added where it is not there") {
  driven_sink s;
  s.set("format", std::string("png")).set("path", std::string("{key}")).open();
  CHECK(s.write(coloured(2, 2, 4), "clip.mp4#000001") == "");
  CHECK(s.write(coloured(2, 2, 1), "b.jpg") == "");
  CHECK(s.write(coloured(2, 2, 3), "c.PNG") == "");
  CHECK(s.files() == texts{"out/b.jpg.png", "out/c.PNG", "out/clip.mp4#000001.png"});
  CHECK(cv::imread((s.run_directory / "out/clip.mp4#000001.png").native(), cv::IMREAD_UNCHANGED).channels() == 4);
  driven_sink automatic;
  automatic.open();
  CHECK(automatic.write(coloured(2, 2, 3), "clip.mp4#1") ==
        "its path 'clip.mp4#1' has no extension that names a format (jpg, png, webp, tiff, bmp); set format, or end "
        "path in one");
}

TEST_CASE("quality makes smaller files") {
  cv::Mat noise(64, 64, CV_8UC3);
  cv::theRNG().state = 1;
  cv::randu(noise, 0, 255);
  for (const char* key : {"a.jpg", "a.webp"}) {
    driven_sink low, high;
    low.set("quality", std::int64_t{10}).open();
    high.set("quality", std::int64_t{100}).open();
    CHECK(low.write(flowrun::share(noise), key) == "");
    CHECK(high.write(flowrun::share(noise), key) == "");
    CHECK(fs::file_size(low.run_directory / "out" / key) * 2 < fs::file_size(high.run_directory / "out" / key));
  }
}

TEST_CASE("nothing is written outside the stage's folder") {
  driven_sink s;
  s.open();
  flowrun::image i = coloured(2, 2, 3);
  fs::create_directory_symlink("..", s.run_directory / "out/up");
  fs::create_directory_symlink("/", s.run_directory / "out/root");
  fs::create_directory_symlink("nowhere/../../..", s.run_directory / "out/broken");
  fs::create_directory(s.run_directory / "out/real");
  fs::create_directory_symlink("real", s.run_directory / "out/fine");
  fs::create_symlink("../victim.jpg", s.run_directory / "out/file.jpg");
  CHECK(s.write(i, "../a.jpg") == "its path '../a.jpg' would leave the stage's folder by '..'");
  CHECK(s.write(i, "x/../../a.jpg") == "its path 'x/../../a.jpg' would leave the stage's folder by '..'");
  CHECK(s.write(i, "/tmp/a.jpg") == "its path '/tmp/a.jpg' is absolute; files stay in the stage's folder");
  CHECK(s.write(i, "a.jpg/") == "its path 'a.jpg/' ends in '/': a file needs a name");
  CHECK(s.write(i, "./.") == "its path './.' names a folder, not a file");
  CHECK(s.write(i, "") == "its path '' is empty");
  std::string out = fs::canonical(s.run_directory / "out").native();
  for (const char* link : {"up", "root"})
    CHECK(s.write(i, std::string(link) + "/x/a.jpg") == "its path '" + std::string(link) +
                                                            "/x/a.jpg' would leave the stage's folder: '" + out + "/" +
                                                            link + "' is a link that leads out of it");
  CHECK(s.write(i, "fine/a.jpg") == "");
  CHECK(s.write(i, "file.jpg") == "");  // the link itself is replaced
  CHECK_FALSE(fs::exists(s.run_directory / "victim.jpg"));
  for (const char* blocked : {"file.jpg", "broken"})
    CHECK(s.write(i, std::string(blocked) + "/b.jpg") ==
          "its path '" + std::string(blocked) + "/b.jpg' is blocked: '" + out + "/" + blocked + "' is no folder");
  CHECK(s.write(i, "real") ==
        "its path 'real' has no extension that names a format (jpg, png, webp, tiff, bmp); set format, or end path in "
        "one");
  fs::create_directory(s.run_directory / "out/folder.jpg");
  CHECK(s.write(i, "folder.jpg") == "its path 'folder.jpg' is taken by a folder");
}

TEST_CASE("two items never share a file; one item may come again") {
  driven_sink s;
  s.set("path", std::string("{stem}.jpg")).open();
  CHECK(s.write(coloured(2, 2, 3), "x/a.png") == "");
  CHECK(s.write(coloured(2, 2, 3), "x/a.png") == "");
  CHECK(s.write(coloured(2, 2, 3), "x/a.bmp") ==
        "its path 'x/a.jpg' is also that of the item 'x/a.png' (this one is 'x/a.bmp'); make path differ, by {key} or "
        "{seq}");
  CHECK(s.write(coloured(2, 2, 3), "x//./a.bmp") ==
        "its path 'x/a.jpg' is also that of the item 'x/a.png' (this one is 'x//./a.bmp'); make path differ, by {key} "
        "or {seq}");
  s.open();  // a resumed run
  CHECK(s.write(coloured(2, 2, 3), "x/a.png") == "");
}

TEST_CASE("many threads, one path: one item wins, the others say so") {
  driven_sink s;
  s.set("path", std::string("{stem}.jpg")).open();
  std::atomic<int> written{0}, refused{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (int n = 0; n < 10; ++n)
        ++(s.write(coloured(4, 4, 3), std::to_string(n) + "." + std::to_string(t)) == "" ? written : refused);
    });
  for (std::thread& t : threads) t.join();
  CHECK(written == 10);
  CHECK(refused == 30);
  CHECK(s.files().size() == 10);
}

TEST_CASE("what cannot be written says why") {
  driven_sink s;
  s.open();
  CHECK(s.write(flowrun::image{}, "a.jpg") == "the image is empty (0 x 0 px): there is nothing to write");
  CHECK(s.write(coloured(16384, 1, 3), "a.webp") ==
        "the image is 16384 x 1 px; a webp file takes up to 16383 px a side");
  CHECK(s.files() == texts{});
  driven_sink nowhere;
  nowhere.run_directory = "/dev/null/x";
  try {
    nowhere.open();
    FAIL("opened");
  } catch (const flowrun::run_error& e) {
    CHECK(std::string(e.what()) ==
          "the folder '/dev/null/x/out' cannot be made: Not a directory; give a run directory that may be written");
  }
}
