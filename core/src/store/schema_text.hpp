// A schema as text, as run.db keeps it.
#pragma once
#include <flowrun/schema.hpp>
#include <string>
#include <string_view>

namespace flowrun::core {

std::string write_schema(const schema& s);
// Throws std::runtime_error with one sentence on anything that is not a schema.
schema read_schema(std::string_view text);

}  // namespace flowrun::core
