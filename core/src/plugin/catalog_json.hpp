#pragma once
#include <string>

#include "stage_catalog.hpp"

namespace flowrun::core {

// {"plugins": [manifest + "library", "hides"], "failures": [...], "searched": [...]}
std::string write_catalog(const stage_catalog& catalog);

}  // namespace flowrun::core
