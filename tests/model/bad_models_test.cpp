// tests/models/bad: broken model files, and every word that is said about them.
#include <doctest/doctest.h>
#include <sys/stat.h>
#include <test_paths.hpp>

#include <algorithm>
#include <cstdlib>
#include <set>

#include "model_texts.hpp"

using namespace flowrun;
using namespace flowrun::core;
namespace fs = std::filesystem;

namespace {

std::vector<fs::path> bad_files() {
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(test::models_folder("bad")))
    if (entry.path().extension() == ".yaml") found.push_back(entry.path());
  std::sort(found.begin(), found.end());
  return found;
}

// As if the working directory were the folder, but for the labels, which are read.
std::string told_without_folder(const fs::path& file, std::set<std::string>& rules) {
  std::vector<problem> problems;
  read_model_file(file, problems);
  for (const problem& p : problems) rules.insert(p.rule);
  std::string text = test::text_of(problems);
  const std::string folder = file.parent_path().string() + "/";
  for (std::size_t at = 0; (at = text.find(folder, at)) != std::string::npos;) text.erase(at, folder.size());
  return text;
}

// The quoted first arguments of .error( in the files that read model files.
std::set<std::string> rules_in_code() {
  std::set<std::string> rules;
  for (const auto& entry : fs::directory_iterator(fs::path(test_paths::source) / "core/src/model")) {
    if (entry.path().extension() != ".cpp") continue;
    const std::string source = test::file_text(entry.path());
    for (std::size_t at = 0; (at = source.find(".error(\"", at)) != std::string::npos;) {
      at += 8;
      rules.insert(source.substr(at, source.find('"', at) - at));
    }
  }
  return rules;
}

std::string told_of_labels(const std::string& labels) {
  test::scratch_folder folder;
  test::write_text(folder.path / "l.txt", labels);
  const fs::path file = folder.path / "small.yaml";
  test::write_text(file, test::small_model("small", "labels: l.txt\n"));
  std::set<std::string> rules;
  return told_without_folder(file, rules);
}

}  // namespace

TEST_CASE("every bad model file gets exactly the expected text") {
  std::set<std::string> rules;
  const auto files = bad_files();
  CHECK(files.size() == 33);
  for (const fs::path& file : files) {
    CAPTURE(file.filename().string());
    const std::string told = told_without_folder(file, rules);
    fs::path expected = file;
    expected.replace_extension(".expected");
    if (std::getenv("FLOWRUN_WRITE_EXPECTED")) test::write_text(expected, told);
    CHECK(told != "");
    CHECK(told == test::file_text(expected));
  }
  rules.insert("unreadable_file");  // below
  const std::set<std::string> in_code = rules_in_code();
  CHECK(in_code.size() > 10);
  for (const std::string& rule : in_code) CHECK_MESSAGE(rules.count(rule) == 1, rule);
}

TEST_CASE("files of labels that are none") {
  CHECK(told_of_labels("") ==
        "small.yaml:6:9: the file of labels l.txt is empty; write one label a line into it, or remove 'labels'\n");
  CHECK(told_of_labels("cat\n\ndog\n") ==
        "small.yaml:6:9: the file of labels l.txt is empty on line 2; every line is a label\n");
  CHECK(told_of_labels("cat\ncaf\xe9\n") ==
        "small.yaml:6:9: the file of labels l.txt is not UTF-8 on line 2; save it as UTF-8\n");
  CHECK(told_of_labels(std::string((16 << 20) + 1, 'x')) ==
        "small.yaml:6:9: the file of labels l.txt is larger than 16 MiB; write one label a line into such a file, or "
        "remove 'labels'\n");
  CHECK(told_of_labels("cat\r\ndog\r\nfish") == "");
}

TEST_CASE("model files that cannot be read") {
  test::scratch_folder folder;
  const std::string start = folder.path.string() + "/";
  const auto told = [&](const char* name) {
    std::vector<problem> problems;
    read_model_file(folder.path / name, problems);
    return test::text_of(problems);
  };
  fs::create_directory(folder.path / "folder.yaml");
  test::write_text(folder.path / "large.yaml", std::string((1 << 20) + 1, '#'));
  REQUIRE(::mkfifo((folder.path / "pipe.yaml").c_str(), 0600) == 0);
  CHECK(told("none.yaml") == start + "none.yaml: the model file cannot be opened: No such file or directory\n");
  CHECK(told("folder.yaml") == start + "folder.yaml: the model file is a folder\n");
  CHECK(told("large.yaml") == start + "large.yaml: the model file is larger than 1 MiB\n");
  CHECK(told("pipe.yaml") == start + "pipe.yaml: the model file is no regular file\n");
}
