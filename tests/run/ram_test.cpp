// The RAM bound on real decoding: 12-megapixel photos through the tool, measured from outside.
#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <test_paths.hpp>

namespace fs = std::filesystem;

namespace {

// Peak resident bytes of the tool over a folder; the run must end well.
long peak_of(const fs::path& graph, const fs::path& folder, const fs::path& out) {
  pid_t child = fork();
  if (child == 0) {
    freopen("/dev/null", "w", stdout);
    std::string tool = std::string(test_paths::build) + "/bin/flowrun", input = "input=" + folder.string();
    execl(tool.c_str(), "flowrun", "run", graph.c_str(), "--set", input.c_str(), "-o", out.c_str(),
          static_cast<char*>(nullptr));
    _exit(127);
  }
  int ended = 0;
  rusage used{};
  wait4(child, &ended, 0, &used);
  REQUIRE(WIFEXITED(ended));
  REQUIRE(WEXITSTATUS(ended) == 0);
  return used.ru_maxrss * 1024;
}

}  // namespace

TEST_CASE("12-megapixel photos under ram: 512MiB stay below the idle process + 512 + 128 MiB") {
  fs::path home = fs::temp_directory_path() / ("flowrun-ram-" + std::to_string(getpid()));
  fs::create_directories(home / "photos");
  fs::create_directories(home / "none");
  std::ofstream(home / "graph.yaml")
      << "flowrun: 1\nparams: {input: photos}\nrun: {ram: 512MiB, in_flight: 64}\nstages:\n"
         "  media: {use: media.files, params: {path: \"${input}\"}}\n"
         "  light: {use: lighting.analyze, in: media.image}\n"
         "  copies: {use: image.write, in: media.image, parallel: 1, params: {path: \"{stem}.jpg\", quality: 100}}\n";
  cv::Mat noise(3000, 4000, CV_8UC3);
  cv::theRNG().state = 12;
  cv::randu(noise, 0, 60);
  for (int i = 0; i < 3; ++i) {
    cv::Mat photo = noise + cv::Scalar(40 * i, 30, 60);
    REQUIRE(cv::imwrite((home / "photos" / ("0" + std::to_string(i) + ".jpg")).string(), photo));
  }
  for (int i = 3; i < 40; ++i)
    fs::create_hard_link(home / "photos" / ("0" + std::to_string(i % 3) + ".jpg"),
                         home / "photos" / ((i < 10 ? "0" : "") + std::to_string(i) + ".jpg"));
  long idle = peak_of(home / "graph.yaml", home / "none", home / "run0");
  long busy = peak_of(home / "graph.yaml", home / "photos", home / "run1");
  fs::remove_all(home);
  MESSAGE("idle " << idle / 1048576 << " MiB, peak " << busy / 1048576 << " MiB");
  CHECK(busy - idle <= (512 + 128) * 1048576L);
  // At least two decoded photos were there at once: something was measured. (That a bound which bites holds is
  // dataflow_test's matter: here stages take pictures as fast as they are decoded.)
  CHECK(busy - idle >= 2 * 36 * 1000000L);
}
