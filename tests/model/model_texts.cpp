#include "model_texts.hpp"

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <test_paths.hpp>

#include <stdlib.h>

namespace flowrun::core::test {

namespace fs = std::filesystem;

const std::string network_sha256 = "fecb7100780a79bd7826da23b51198969801f3003eaac0595aee65d5227c1812";

fs::path models_folder(const std::string& name) {
  return fs::path(test_paths::tests) / "models" / name;
}

std::string file_text(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

void write_text(const fs::path& path, const std::string& text) {
  std::ofstream out(path, std::ios::binary);
  out << text;
  if (!out.flush()) throw std::runtime_error("cannot write " + path.string());
}

std::string small_model(const std::string& name, const std::string& more) {
  return "flowrun_model: 1\nname: " + name + "\nfiles: [{backend: sim, path: net.sim, sha256: " + network_sha256 +
         "}]\ninputs: [{name: image, shape: [3, 8, 8]}]\noutputs: [{name: logits, shape: [3]}]\n" + more;
}

std::string text_of(const std::vector<problem>& problems) {
  std::string all;
  for (const problem& p : problems) all += to_text(p) + "\n";
  return all;
}

scratch_folder::scratch_folder() {
  std::string name = (fs::temp_directory_path() / "flowrun-model-XXXXXX").string();
  if (!::mkdtemp(name.data())) throw std::runtime_error("mkdtemp");
  path = name;
}

scratch_folder::~scratch_folder() {
  std::error_code ignored;
  fs::remove_all(path, ignored);
}

}  // namespace flowrun::core::test
