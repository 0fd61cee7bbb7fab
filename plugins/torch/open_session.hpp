// The border between the plugin's entries and what includes LibTorch.
#pragma once
#include <flowrun/backend.hpp>

#include <memory>

namespace flowrun::torch_backend {

std::unique_ptr<session> open_session(const model_file& model, const device& on, const session_options& options);
void set_up_process();

}  // namespace flowrun::torch_backend
