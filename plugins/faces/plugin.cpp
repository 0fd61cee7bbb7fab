// The plugin's stages.
#include "cluster.hpp"

FLOWRUN_PLUGIN("faces", "0.1.0", faces::cluster)
