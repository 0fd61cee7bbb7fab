// Exceptions of LibTorch as one sentence and as an outcome.
#pragma once
#include <exception>
#include <string>

#include <flowrun/backend.hpp>

namespace flowrun::torch_backend {

// Without stack traces: the line that says what is wrong.
std::string short_text(const std::exception& e);
// Of the exception being handled.
run_result current_fault(bool on_cuda);

}  // namespace flowrun::torch_backend
