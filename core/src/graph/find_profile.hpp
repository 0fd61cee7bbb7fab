// Which file a profile's name means.
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace flowrun::core {

// `auto` is no file but made for the device: auto_profile.
inline constexpr const char* auto_profile_name = "auto";

// A name with a '/' or the ending .yaml is a path, relative to `beside` (empty: the working directory). Any other is
// NAME.yaml in the first of `folders` that has it. Empty after having set `fault` to one sentence.
std::optional<std::filesystem::path> find_profile(const std::string& name,
                                                  const std::vector<std::filesystem::path>& folders,
                                                  const std::filesystem::path& beside, std::string& fault);

}  // namespace flowrun::core
