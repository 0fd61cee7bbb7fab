// From the text of a model file to data.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include <flowrun/model_file.hpp>
#include <flowrun/problem.hpp>

namespace flowrun::core {

// Problems name `file`:line:column. Without an error among them the model is usable; its labels are read too.
model_file read_model_text(const std::string& text, const std::filesystem::path& file, std::vector<problem>& problems);
model_file read_model_file(const std::filesystem::path& file, std::vector<problem>& problems);

}  // namespace flowrun::core
