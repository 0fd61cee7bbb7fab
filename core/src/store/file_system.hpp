// Which file systems are not to be trusted with shared memory and advisory locks.
#pragma once
#include <filesystem>
#include <string>

namespace flowrun::core {

// "NFS", "SMB" ... for a magic number of statfs; null: a local one.
const char* network_file_system(long magic);
// Of the file system that holds `folder`; empty: a local one, or unknown.
std::string network_file_system(const std::filesystem::path& folder);

}  // namespace flowrun::core
