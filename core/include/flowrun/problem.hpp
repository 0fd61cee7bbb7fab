// One thing that is wrong with a graph file, a command or a plugin, as plain data.
#pragma once
#include <string>
#include <vector>

#include "api.hpp"

namespace flowrun {

struct problem {
  std::string rule;  // short stable name of the broken rule, such as `unknown_key`
  std::string file;  // as the user named it; empty: not in a file (a --set, say)
  int line = 0;      // from 1; 0: the whole file
  int column = 0;    // from 1, in characters
  std::string text;  // what is wrong, the cause, what would be right
  bool warning = false;
};

// "file:line:column: text", without the parts that are not known.
FLOWRUN_API std::string to_text(const problem& p);
FLOWRUN_API bool any_error(const std::vector<problem>& problems);

}  // namespace flowrun
