// Stages of every shape, as descriptions only: the tests of graph files need no library.
#pragma once
#include "model/model_catalog.hpp"
#include "plugin/stage_catalog.hpp"

namespace flowrun::core::test {

// Plugins `test` and `twin` (types of the same names built otherwise), `broken`, which failed to load, and `host`: the
// program's own stages.
stage_catalog make_catalog();
model_catalog make_models();

}  // namespace flowrun::core::test
