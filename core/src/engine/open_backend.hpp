// The backend that opens a model's file, from the plugin that offers it.
#pragma once
#include <memory>

#include <flowrun/backend.hpp>

#include "../plugin/stage_catalog.hpp"

namespace flowrun::core {

// Throws model_error or plugin_error.
std::unique_ptr<backend> open_backend(const stage_catalog& catalog, const model_file& m, const model_variant& v);

}  // namespace flowrun::core
