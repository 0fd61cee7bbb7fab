// The plugin's stages: they run any model file.
#include "classify.hpp"
#include "embed.hpp"
#include "raw_output.hpp"

FLOWRUN_PLUGIN("model", "0.1.0", model_stages::classify, model_stages::embed, model_stages::raw_output)
