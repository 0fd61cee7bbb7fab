#include "file_system.hpp"

#include <sys/vfs.h>

#include <cstdint>

namespace flowrun::core {

const char* network_file_system(long magic) {
  switch (static_cast<std::uint32_t>(magic)) {
    case 0x6969:
      return "NFS";
    case 0x517b:
    case 0xff534d42:
    case 0xfe534d42:
      return "SMB";
    case 0x65735546:
      return "FUSE";
    case 0x01021997:
      return "9P";
    case 0x00c36400:
      return "Ceph";
    case 0x5346414f:
      return "AFS";
    case 0x73757245:
      return "Coda";
    case 0x0bd00bd0:
      return "Lustre";
    case 0x47504653:
      return "GPFS";
    case 0x786f4256:
      return "a VirtualBox shared folder";
    default:
      return nullptr;
  }
}

std::string network_file_system(const std::filesystem::path& folder) {
  struct statfs found {};
  if (::statfs(folder.c_str(), &found) != 0) return {};
  const char* name = network_file_system(static_cast<long>(found.f_type));
  return name ? name : "";
}

}  // namespace flowrun::core
