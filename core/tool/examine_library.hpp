// Opens one library in a process of its own and says what became of it.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

namespace tool {

struct examined_library {
  std::string library;
  std::string state;   // "ok", "refused", "unloadable" (the loader's sentence), "crashed", "hangs"
  std::string reason;  // why it is not ok, one sentence
  std::string plugin, version, compiler, backend;
  std::vector<std::string> stages;  // "plugin.stage"
  bool fine() const { return state == "ok"; }
};

examined_library examine_library(const std::filesystem::path& library, double limit_seconds);

}  // namespace tool
