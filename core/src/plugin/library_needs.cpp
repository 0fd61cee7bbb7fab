#include "library_needs.hpp"

#include <elf.h>
#include <link.h>

#include <algorithm>
#include <system_error>

#include "elf_file.hpp"

namespace flowrun::core {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t most_bytes = std::uint64_t{1} << 26;  // of a table of names; far above any seen

struct elf_segments {
  std::vector<Elf64_Phdr> all;
  // Where an address of the loaded library stands in its file.
  std::uint64_t offset_of(std::uint64_t address) const {
    for (const Elf64_Phdr& s : all)
      if (s.p_type == PT_LOAD && address >= s.p_vaddr && address - s.p_vaddr < s.p_filesz)
        return s.p_offset + (address - s.p_vaddr);
    throw std::runtime_error("the library points outside of itself");
  }
};

elf_segments read_segments(elf_file& file) {
  const auto header = file.read<Elf64_Ehdr>(0);
  if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 || header.e_ident[EI_CLASS] != ELFCLASS64 ||
      header.e_phentsize != sizeof(Elf64_Phdr))
    throw std::runtime_error("it is not a 64-bit library");
  elf_segments segments;
  for (std::uint64_t i = 0; i < header.e_phnum; ++i)
    segments.all.push_back(file.read<Elf64_Phdr>(header.e_phoff + i * sizeof(Elf64_Phdr)));
  return segments;
}

std::vector<Elf64_Dyn> read_dynamic(elf_file& file, const elf_segments& segments) {
  std::vector<Elf64_Dyn> entries;
  for (const Elf64_Phdr& s : segments.all) {
    if (s.p_type != PT_DYNAMIC || s.p_filesz > most_bytes) continue;
    for (std::uint64_t at = 0; at + sizeof(Elf64_Dyn) <= s.p_filesz; at += sizeof(Elf64_Dyn))
      entries.push_back(file.read<Elf64_Dyn>(s.p_offset + at));
  }
  return entries;
}

void add_folders(const std::string& list, const fs::path& origin, std::vector<fs::path>& folders) {
  for (std::size_t begin = 0; begin <= list.size();) {
    std::size_t end = std::min(list.find(':', begin), list.size());
    std::string folder = list.substr(begin, end - begin);
    for (const std::string word : {"$ORIGIN", "${ORIGIN}"})
      if (folder.rfind(word, 0) == 0) folder.replace(0, word.size(), origin.string());
    if (!folder.empty()) folders.emplace_back(folder);
    begin = end + 1;
  }
}

// Files of this process.
std::vector<fs::path> loaded_libraries() {
  std::vector<fs::path> all;
  ::dl_iterate_phdr(
      [](dl_phdr_info* info, std::size_t, void* list) {
        if (info->dlpi_name && *info->dlpi_name)
          static_cast<std::vector<fs::path>*>(list)->emplace_back(info->dlpi_name);
        return 0;
      },
      &all);
  return all;
}

}  // namespace

library_needs read_library_needs(const fs::path& library) {
  elf_file file(library);
  elf_segments segments = read_segments(file);
  std::vector<Elf64_Dyn> entries = read_dynamic(file, segments);
  std::uint64_t names_at = 0, names_size = 0;
  for (const Elf64_Dyn& e : entries) {
    if (e.d_tag == DT_STRTAB) names_at = segments.offset_of(e.d_un.d_ptr);
    if (e.d_tag == DT_STRSZ) names_size = e.d_un.d_val;
  }
  library_needs needs;
  if (names_at == 0 || names_size == 0 || names_size > most_bytes) return needs;
  std::vector<char> names = file.read(names_at, names_size);
  names.push_back('\0');
  const fs::path origin = fs::absolute(library).parent_path();
  for (const Elf64_Dyn& e : entries) {
    if (e.d_tag != DT_NEEDED && e.d_tag != DT_RPATH && e.d_tag != DT_RUNPATH) continue;
    if (e.d_un.d_val >= names_size) throw std::runtime_error("the library points outside of itself");
    std::string text = names.data() + e.d_un.d_val;
    if (e.d_tag == DT_NEEDED)
      needs.names.push_back(text);
    else
      add_folders(text, origin, needs.folders);
  }
  return needs;
}

std::string find_rival(const fs::path& library) {
  library_needs needs;
  try {
    needs = read_library_needs(library);
  } catch (const std::runtime_error&) {
    return {};  // the loader says it better
  }
  const std::vector<fs::path> loaded = loaded_libraries();
  for (const std::string& name : needs.names)
    for (const fs::path& folder : needs.folders) {
      std::error_code none;
      const fs::path mine = folder / name;
      if (!fs::exists(mine, none)) continue;
      for (const fs::path& other : loaded)
        if (other.filename() == name && !fs::equivalent(other, mine, none) && !none)
          return "it needs " + mine.string() + ", but this process has " + other.string() +
                 " already, and a process takes only one library of a name; remove the other, or build the plugin "
                 "against it";
      break;
    }
  return {};
}

}  // namespace flowrun::core
