// The keys of a map in a model file and the values behind them: read, or one sentence for what is wrong.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "graph/problem_sink.hpp"

namespace flowrun::core {

struct map_key {
  const char* name;
  std::function<void(const yaml_node& value)> read;
  const char* missing = nullptr;  // a required key: what to write, as "write path: FILE"; null: it may be left out
};

// Calls the reader of every key of `map`; tells unknown and missing ones. `what`: "a model file", "an entry of
// 'files'".
void read_keys(const yaml_node& map, const std::string& what, const std::vector<map_key>& keys, problem_sink& out);

// "'side' must be an int 1..65536, but is 'x'", or that it has no value.
void refuse(const yaml_node& value, const std::string& what, const std::string& must_be, problem_sink& out);

bool expect_list(const yaml_node& value, const std::string& what, problem_sink& out);

// A text without line breaks and control characters; false after having said what is wrong.
bool read_line(const yaml_node& value, const std::string& what, std::string& to, problem_sink& out);
// A name in a graph's or a model's sense: see is_name().
bool read_name(const yaml_node& value, const std::string& what, std::string& to, problem_sink& out);
std::optional<std::int64_t> read_integer(const yaml_node& value, const std::string& what, std::int64_t low,
                                         std::int64_t high, problem_sink& out);

// "a, b or c"
std::string one_of(const std::vector<std::string>& names);
// Which of the names the value is.
std::optional<std::size_t> find_choice(const yaml_node& value, const std::string& what,
                                       const std::vector<std::string>& names, problem_sink& out);

template <class E> struct choice {
  const char* name;
  E value;
};
template <class E> void read_choice(const yaml_node& value, const std::string& what,
                                    const std::vector<choice<E>>& choices, E& to, problem_sink& out) {
  std::vector<std::string> names;
  for (const choice<E>& c : choices) names.push_back(c.name);
  if (const auto i = find_choice(value, what, names, out)) to = choices[*i].value;
}

}  // namespace flowrun::core
