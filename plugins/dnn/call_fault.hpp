// Exceptions of OpenCV as one sentence and as an outcome.
#pragma once
#include <flowrun/backend.hpp>
#include <string>

namespace flowrun::dnn_backend {

// Of the exception being handled, whatever it is: its text in one line, without places in OpenCV's source.
std::string current_text();
run_result current_fault();

}  // namespace flowrun::dnn_backend
