// The backend that opens a model's file, from the plugin that offers it.
#pragma once
#include <memory>

#include <flowrun/backend.hpp>
#include <flowrun/process.hpp>

#include "../plugin/stage_catalog.hpp"

namespace flowrun::core {

// `process`: what its library sets of the process; null: nothing. Throws model_error or plugin_error.
std::unique_ptr<backend> open_backend(const stage_catalog& catalog, const model_file& m, const model_variant& v,
                                      const process_options* process);

}  // namespace flowrun::core
