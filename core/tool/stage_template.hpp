// The files a new stage begins with: copies of sdk/template with its names put in.
#pragma once
#include <string>

namespace tool {

struct stage_name {
  std::string plugin, stage;
};

// Writes the template of a shape into a folder that is not there yet, or is empty. Returns why it could not be
// written, one sentence; throws CLI::ValidationError on a folder that has something in it.
std::string write_template(const std::string& shape, const stage_name& name, const std::string& folder);

}  // namespace tool
