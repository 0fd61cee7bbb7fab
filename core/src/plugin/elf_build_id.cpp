#include "elf_build_id.hpp"

#include <elf.h>

#include "elf_file.hpp"

namespace flowrun::core {

namespace {

std::string hex(const char* bytes, std::size_t length) {
  constexpr const char* digits = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < length; ++i) {
    const auto b = static_cast<unsigned char>(bytes[i]);
    text += digits[b >> 4];
    text += digits[b & 15];
  }
  return text;
}

std::uint64_t aligned(std::uint64_t n) {
  return (n + 3) & ~std::uint64_t{3};
}

std::string find_in_notes(const std::vector<char>& notes) {
  for (std::uint64_t at = 0; at + sizeof(Elf64_Nhdr) <= notes.size();) {
    Elf64_Nhdr header;
    std::memcpy(&header, notes.data() + at, sizeof header);
    const std::uint64_t name = at + sizeof header;
    const std::uint64_t content = name + aligned(header.n_namesz);
    if (content > notes.size() || header.n_descsz > notes.size() - content) return {};
    if (header.n_type == NT_GNU_BUILD_ID && header.n_namesz == 4 && std::memcmp(notes.data() + name, "GNU", 4) == 0)
      return hex(notes.data() + content, header.n_descsz);
    at = content + aligned(header.n_descsz);
  }
  return {};
}

}  // namespace

std::string read_build_id(const std::filesystem::path& library) {
  elf_file file(library);
  const bool elf = file.holds(0, sizeof(Elf64_Ehdr));
  const auto header = elf ? file.read<Elf64_Ehdr>(0) : Elf64_Ehdr{};
  if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 || header.e_ident[EI_CLASS] != ELFCLASS64 ||
      header.e_ident[EI_DATA] != ELFDATA2LSB || header.e_phentsize != sizeof(Elf64_Phdr))
    throw std::runtime_error(library.filename().string() + " is not a 64-bit library");
  constexpr std::uint64_t most_notes = 1 << 20;
  for (std::uint64_t i = 0; i < header.e_phnum; ++i) {
    const std::uint64_t step = i * sizeof(Elf64_Phdr);
    if (header.e_phoff > UINT64_MAX - step) break;
    const auto segment = file.read<Elf64_Phdr>(header.e_phoff + step);
    if (segment.p_type != PT_NOTE || segment.p_filesz > most_notes) continue;
    const std::string id = find_in_notes(file.read(segment.p_offset, segment.p_filesz));
    if (!id.empty()) return id;
  }
  return {};
}

}  // namespace flowrun::core
