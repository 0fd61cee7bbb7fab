// Which model files are found, whose name counts, and what is said about the others.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "model/model_catalog.hpp"
#include "model/models_json.hpp"
#include "model_texts.hpp"

using namespace flowrun;
using namespace flowrun::core;
namespace fs = std::filesystem;

namespace {

struct two_folders {
  test::scratch_folder scratch;
  fs::path mine = scratch.path / "mine", installed = scratch.path / "installed";
  two_folders() {
    fs::create_directory(mine);
    fs::create_directory(installed);
  }
  void add(const fs::path& folder, const std::string& name, const std::string& more) {
    test::write_text(folder / (name + ".yaml"), test::small_model(name, more));
  }
  model_catalog read() const { return read_model_catalog({mine, scratch.path / "none", installed}); }
};

}  // namespace

TEST_CASE("the earlier folder wins, and the models are in order of name") {
  two_folders f;
  f.add(f.mine, "b", "task: mine\n");
  f.add(f.installed, "b", "task: installed\n");
  f.add(f.installed, "a", "task: installed\n");
  test::write_text(f.installed / "readme.txt", "no model");
  fs::create_directory(f.installed / "sub.yaml");
  const model_catalog c = f.read();
  CHECK(c.refused.empty());
  REQUIRE(c.models.size() == 2);
  CHECK(c.models[0].name == "a");
  CHECK(c.models[0].task == "installed");
  CHECK(c.models[1].name == "b");
  CHECK(c.models[1].task == "mine");
  CHECK(c.models[1].file == (f.mine / "b.yaml").string());
  CHECK(c.find("b") == &c.models[1]);
  CHECK(c.find("c") == nullptr);
  CHECK(c.folders ==
        std::vector<std::string>{f.mine.string(), (f.scratch.path / "none").string(), f.installed.string()});
}

TEST_CASE("a broken file is refused with all its problems, and no other model takes its name") {
  two_folders f;
  f.add(f.mine, "a", "tsk: x\nstate: maybe\n");
  f.add(f.installed, "a", "");
  const model_catalog c = f.read();
  CHECK(c.find("a") == nullptr);
  REQUIRE(c.refused.size() == 1);
  const std::string file = (f.mine / "a.yaml").string();
  CHECK(c.refused[0].file == f.mine / "a.yaml");
  CHECK(c.refused[0].reason ==
        file +
            ":6:1: 'tsk' is not a key of a model file; it has: flowrun_model, name, task, licence, doc, origin, files, "
            "inputs, outputs, preprocess, labels, constants, state, needs. Did you mean 'task'?\n" +
            file + ":7:8: 'state' must be none or stream, but is 'maybe'");
}

TEST_CASE("a folder that is a file is refused") {
  test::scratch_folder scratch;
  const fs::path file = scratch.path / "file";
  test::write_text(file, "");
  const model_catalog c = read_model_catalog({file});
  REQUIRE(c.refused.size() == 1);
  CHECK(c.refused[0].reason == file.string() + ": the folder of models cannot be read: Not a directory");
}

TEST_CASE("the catalog as JSON") {
  two_folders f;
  f.add(f.mine, "a", "task: classify\nlicence: MIT\ndoc: A small one.\nneeds: {resident: 1KiB, per_row: 2KiB}\n");
  test::write_text(f.mine / "bad.yaml", "");
  test::write_text(
      f.installed / "z.yaml",
      "flowrun_model: 1\nname: z\nfiles:\n  - {backend: torch, for: cpu, path: z.pt2, sha256: " + test::network_sha256 +
          ", precision: [fp32, bf16], torch: 2.14.1, batch: [2, 128]}\ninputs: [{name: ids, dtype: int64, "
          "shape: [1..512], buckets: [128, 512]}]\noutputs: [{name: o, shape: [4]}]\n");
  const auto json = nlohmann::json::parse(write_models(f.read()));
  const auto expected = nlohmann::json{
      {"models",
       {{{"name", "a"},
         {"task", "classify"},
         {"file", (f.mine / "a.yaml").string()},
         {"doc", "A small one."},
         {"licence", "MIT"},
         {"origin", nlohmann::json::object()},
         {"inputs", {{{"name", "image"}, {"dtype", "float32"}, {"shape", {3, 8, 8}}}}},
         {"outputs", {{{"name", "logits"}, {"dtype", "float32"}, {"shape", {3}}}}},
         {"labels", 0},
         {"variants", {{{"backend", "sim"}, {"for", "any"}, {"path", "net.sim"}, {"sha256", test::network_sha256}}}},
         {"needs", {{"resident", 1024}, {"per_row", 2048}, {"fixed", 0}}}},
        {{"name", "z"},
         {"task", ""},
         {"file", (f.installed / "z.yaml").string()},
         {"doc", ""},
         {"licence", ""},
         {"origin", nlohmann::json::object()},
         {"inputs", {{{"name", "ids"}, {"dtype", "int64"}, {"shape", {"1..512"}}, {"buckets", {128, 512}}}}},
         {"outputs", {{{"name", "o"}, {"dtype", "float32"}, {"shape", {4}}}}},
         {"labels", 0},
         {"variants",
          {{{"backend", "torch"},
            {"for", "cpu"},
            {"path", "z.pt2"},
            {"sha256", test::network_sha256},
            {"precision", {"fp32", "bf16"}},
            {"torch", "2.14.1"},
            {"batch", {2, 128}}}}},
         {"needs", nullptr}}}},
      {"refused",
       {{{"file", (f.mine / "bad.yaml").string()},
         {"reason", (f.mine / "bad.yaml").string() +
                        ": the model file is empty; it needs `flowrun_model: 1`, `name:`, `files:`, `inputs:` and "
                        "`outputs:`"}}}},
      {"searched", {f.mine.string(), (f.scratch.path / "none").string(), f.installed.string()}}};
  CHECK(json.dump(1) == expected.dump(1));
}
