// What an exception that ended a run early says: an exit code and one sentence.
#pragma once
#include <string>

namespace flowrun::core {

struct early_end {
  int exit_code = 0;
  std::string message;
};

// Of the exception that is being handled.
early_end explain_exception();

}  // namespace flowrun::core
