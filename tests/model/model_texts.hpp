// The model files under tests/models, a folder to write others into, and what the core says about them.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "model/read_model_file.hpp"

namespace flowrun::core::test {

std::filesystem::path models_folder(const std::string& name);  // "good" or "bad"
std::string file_text(const std::filesystem::path& path);
void write_text(const std::filesystem::path& path, const std::string& text);

// The smallest model file that is right; `more`: lines behind it.
std::string small_model(const std::string& name, const std::string& more = "");
extern const std::string network_sha256;  // of "the network\n"

std::string text_of(const std::vector<problem>& problems);  // every problem on its line

struct scratch_folder {
  std::filesystem::path path;
  scratch_folder();
  ~scratch_folder();
  scratch_folder(const scratch_folder&) = delete;
};

}  // namespace flowrun::core::test
