// From a YAML value to a number, a size, a share; and the sentences for when it is none.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "problem_sink.hpp"

namespace flowrun::core {

// Empty when the value is not of the kind. A quoted "5" is a text, not a number.
std::optional<bool> to_boolean(const yaml_node& n);
std::optional<std::int64_t> to_integer(const yaml_node& n);
std::optional<double> to_number(const yaml_node& n);        // finite
std::optional<std::uint64_t> to_bytes(const yaml_node& n);  // 512MiB, 4GB, 1048576
std::optional<double> to_share(const yaml_node& n);         // 5% or 0.05; not held against 0..1

// "'abc'", "a list", "a map", "empty": for "... is X, but ...".
std::string show(const yaml_node& n);

// Shortest text that reads back as the same number; whole ones without a point.
std::string number_text(double v);

// False after having said what is wrong: a missing value at its key, or another kind.
bool expect_map(const yaml_node& n, const std::string& what, problem_sink& out);
bool expect_text(const yaml_node& n, const std::string& what, problem_sink& out);

// Letters, digits, _ and -, not beginning with a digit or '-'.
bool is_name(const std::string& s);

}  // namespace flowrun::core
