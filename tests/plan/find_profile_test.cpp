// Names and paths of profiles to files.
#include <doctest/doctest.h>

#include <unistd.h>

#include <fstream>

#include "graph/find_profile.hpp"

using namespace flowrun::core;
namespace fs = std::filesystem;

namespace {

// Two folders: "first" with fast and night, "second" with fast and cpu.
struct folders {
  fs::path root = fs::temp_directory_path() / ("flowrun_find_profile_" + std::to_string(::getpid()));
  std::vector<fs::path> searched = {root / "first", root / "second"};

  folders() {
    for (const char* file : {"first/fast.yaml", "first/night.yaml", "second/fast.yaml", "second/cpu.yaml"}) {
      fs::create_directories((root / file).parent_path());
      std::ofstream(root / file) << "flowrun_profile: 1\n";
    }
  }
  ~folders() {
    std::error_code error;
    fs::remove_all(root, error);
  }
  folders(const folders&) = delete;
  folders& operator=(const folders&) = delete;

  std::string found(const std::string& name) const {
    std::string fault;
    const auto path = find_profile(name, searched, root, fault);
    CHECK(fault.empty() == path.has_value());
    if (!path) return fault;
    CHECK(fs::exists(*path));
    return path->lexically_relative(root).string();
  }
};

}  // namespace

TEST_CASE("a name is looked up, the earlier folder wins") {
  const folders f;
  CHECK(f.found("fast") == "first/fast.yaml");
  CHECK(f.found("night") == "first/night.yaml");
  CHECK(f.found("cpu") == "second/cpu.yaml");
}

TEST_CASE("a path is taken as it is, relative to what it stands beside") {
  const folders f;
  CHECK(f.found("second/fast.yaml") == "second/fast.yaml");
  CHECK(f.found((f.root / "second/cpu.yaml").string()) == "second/cpu.yaml");
  std::ofstream(f.root / "mine.yaml") << "flowrun_profile: 1\n";
  CHECK(f.found("mine.yaml") == "mine.yaml");
  CHECK(f.found("no/such.yaml") == "there is no profile " + (f.root / "no/such.yaml").string());
  CHECK(f.found("second/") == "there is no profile " + (f.root / "second/").string());
}

TEST_CASE("what there is not") {
  const folders f;
  const std::string searched = (f.root / "first").string() + ", " + (f.root / "second").string();
  CHECK(f.found("fsat") == "there is no profile 'fsat'; there is: auto, cpu, fast, night (searched: " + searched +
                               "), or a path of a file. Did you mean 'fast'?");
  CHECK(f.found("") == "the profile has no name; there is: auto, cpu, fast, night, or a path of a file");
  std::string fault;
  CHECK(!find_profile("fast", {}, {}, fault));
  CHECK(fault == "there is no profile 'fast'; there is: auto (searched: none), or a path of a file");
}
