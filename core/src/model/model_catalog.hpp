// The model files that can be found: every NAME.yaml in the folders searched, read and checked as data.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include <flowrun/model_file.hpp>

namespace flowrun::core {

struct refused_model {
  std::filesystem::path file;
  std::string reason;  // "file:line:column: what; what would be right", a line per problem
};

struct model_catalog {
  std::vector<model_file> models;                         // one per name, by name; the earlier folder wins
  std::vector<refused_model> refused;                     // files that are no usable model file
  std::vector<std::string> folders;                       // that were searched, in order, for messages
  const model_file* find(const std::string& name) const;  // null: none
};

// Folders that do not exist are passed over.
model_catalog read_model_catalog(const std::vector<std::filesystem::path>& folders);

}  // namespace flowrun::core
