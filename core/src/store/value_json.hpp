// Kept values as JSON, from their schema alone.
#pragma once
#include <flowrun/schema.hpp>
#include <string>
#include <string_view>

namespace flowrun::core {

// A text in quotes, escaped; it must be UTF-8 (key_text.hpp).
void append_json_text(std::string_view text, std::string& out);

// A list of uint8, such as a picture's file: written as base64.
bool is_bytes(const schema& s);

// The shortest that reads back the same; NaN and infinity are null. single: it is a float32.
void append_json_number(double value, bool single, std::string& out);

// Reads a whole encoded value. sorted: an object's keys in byte order, not the declared one. Numbers are the shortest
// that read back the same, as float32 where they are; NaN and infinity are null; bytes are a text in base64. Throws
// std::runtime_error with one sentence where the bytes do not fit the schema.
void append_json_value(const schema& s, std::string_view blob, bool sorted, std::string& out);
// The same for the value at the front of `in`, which is taken away.
void take_json_value(const schema& s, std::string_view& in, bool sorted, std::string& out);

}  // namespace flowrun::core
