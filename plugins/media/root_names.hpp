// Short names for folders, so that keys from several of them differ.
#pragma once
#include <string>
#include <vector>

namespace media {

// For each folder its last n parts ("2024/photos"), n being the least for which all are different and the same for all.
// The folders differ; relative ones are taken from the working directory; links are not resolved.
std::vector<std::string> root_names(const std::vector<std::string>& folders);

// Absolute, without "." and "..", by text alone.
std::string plain_path(const std::string& folder);

}  // namespace media
