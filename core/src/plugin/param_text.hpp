// A stage's param and its values in words.
#pragma once
#include <string>

#include "manifest.hpp"

namespace flowrun::core {

// "int 0..255", "text a | b": what a value may be.
std::string describe_value(const param_manifest& p);

// "an int 0..255", "one of a, b": the same for "must be ...".
std::string needed_value(const param_manifest& p);

// As it would be written in a graph file.
std::string write_value(const param_value& v);

// "is 300, but must be int 0..255", or empty when a value of the right type is allowed.
std::string find_value_fault(const param_manifest& p, const param_value& v);

}  // namespace flowrun::core
