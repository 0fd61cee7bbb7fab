// What `flowrun models list --json` prints.
#pragma once
#include <string>

#include "model_catalog.hpp"

namespace flowrun::core {

// {"models": [...], "refused": [{"file", "reason"}], "searched": [...]}
std::string write_models(const model_catalog& catalog);

}  // namespace flowrun::core
