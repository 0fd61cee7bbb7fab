// A stage whose code is in the program itself instead of in a plugin's library. A graph names it `use: host.NAME`.
#pragma once
#include <memory>

#include "stage.hpp"

namespace flowrun {

// Made by make_stage() and make_input(); given to an engine in engine_options::stages. Copies share the code.
struct in_process_stage {
  stage_info info;
  std::shared_ptr<const void> code;  // what `info.function` points to, where the stage is a callable
  bool is_input = false;             // a source that live_run::push() feeds
};

}  // namespace flowrun
