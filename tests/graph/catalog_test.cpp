// The search path: which plugins are offered, and why the others are not. No library is opened.
#include <doctest/doctest.h>
#include <elf.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <flowrun/abi.hpp>
#include <fstream>
#include <random>

#include "graph/check_graph.hpp"
#include "graph/graph_file.hpp"
#include "plugin/elf_build_id.hpp"
#include "plugin/stage_catalog.hpp"
#include "test_catalog.hpp"

using namespace flowrun;
using namespace flowrun::core;
namespace fs = std::filesystem;

namespace {

struct temp_folder {
  fs::path path = fs::temp_directory_path() / ("flowrun_catalog_" + std::to_string(getpid()));
  temp_folder() {
    fs::remove_all(path);
    fs::create_directories(path);
  }
  ~temp_folder() { fs::remove_all(path); }
};

void write(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

// The smallest file with an ELF header, one note segment, and the build-id 0xabcdef in it.
std::string make_library(const std::string& build_id = "\xab\xcd\xef") {
  Elf64_Ehdr header{};
  std::memcpy(header.e_ident, ELFMAG, SELFMAG);
  header.e_ident[EI_CLASS] = ELFCLASS64;
  header.e_ident[EI_DATA] = ELFDATA2LSB;
  header.e_phoff = sizeof header;
  header.e_phentsize = sizeof(Elf64_Phdr);
  header.e_phnum = 1;
  Elf64_Nhdr note{4, static_cast<Elf64_Word>(build_id.size()), NT_GNU_BUILD_ID};
  std::string notes(reinterpret_cast<const char*>(&note), sizeof note);
  notes += std::string("GNU\0", 4) + build_id;
  notes.resize((notes.size() + 3) / 4 * 4);
  Elf64_Phdr segment{};
  segment.p_type = PT_NOTE;
  segment.p_offset = sizeof header + sizeof segment;
  segment.p_filesz = notes.size();
  return std::string(reinterpret_cast<const char*>(&header), sizeof header) +
         std::string(reinterpret_cast<const char*>(&segment), sizeof segment) + notes;
}

plugin_manifest make_sidecar(const std::string& library) {
  plugin_manifest m;
  m.name = "media";
  m.version = "1.0.0";
  m.compiler = "gcc";
  m.sdk_major = sdk_major;
  m.sdk_minor = sdk_minor;
  m.string_abi = string_abi;
  m.build_id = "abcdef";
  m.library = library;
  stage_manifest s = *test::make_catalog().find("test.photos");
  s.plugin = "media";
  m.stages = {s};
  return m;
}

void offer(const fs::path& folder, const std::string& library = "libflowrun_media.so") {
  write(folder / library, make_library());
  write(folder / "media.plugin.json", write_manifest(make_sidecar(library)));
}

std::string only_reason(const stage_catalog& catalog) {
  REQUIRE(catalog.failures.size() == 1);
  CHECK(catalog.failures[0].plugin == "media");
  CHECK(catalog.plugins.empty());
  return catalog.failures[0].reason;
}

}  // namespace

TEST_CASE("a library with its sidecar is offered, under three file names") {
  for (const char* library : {"libflowrun_media.so", "libmedia.so", "media.so"}) {
    CAPTURE(std::string(library));
    const temp_folder folder;
    offer(folder.path, library);
    const auto catalog = read_catalog({folder.path / "absent", folder.path});
    CHECK(catalog.failures.empty());
    CHECK(catalog.searched == std::vector<fs::path>{folder.path});
    REQUIRE(catalog.find_plugin("media"));
    CHECK(catalog.find_plugin("media")->library == folder.path / library);
    REQUIRE(catalog.find("media.photos"));
    CHECK(catalog.find("media.photos")->params.size() == 3);
    CHECK(catalog.find("media.sound") == nullptr);
    CHECK(catalog.find_plugin("image") == nullptr);
  }
}

TEST_CASE("a plugin whose own name begins like a library's is found by it") {
  for (const char* name : {"library", "flowrun_mine", "libflowrun_mine"}) {
    CAPTURE(std::string(name));
    const temp_folder folder;
    const std::string library = std::string(name) + ".so";
    plugin_manifest m = make_sidecar(library);
    m.name = m.stages[0].plugin = name;
    write(folder.path / library, make_library());
    write(folder.path / (std::string(name) + ".plugin.json"), write_manifest(m));
    const auto catalog = read_catalog({folder.path});
    CHECK(catalog.failures.empty());
    REQUIRE(catalog.find_plugin(name));
    CHECK(catalog.find_plugin(name)->library == folder.path / library);
  }
}

TEST_CASE("the earlier folder wins and says what it hides") {
  const temp_folder folder;
  offer(folder.path / "mine");
  offer(folder.path / "installed", "media.so");
  const auto catalog = read_catalog({folder.path / "mine", folder.path / "mine", folder.path / "installed"});
  CHECK(catalog.failures.empty());
  REQUIRE(catalog.plugins.size() == 1);
  CHECK(catalog.plugins[0].library == folder.path / "mine/libflowrun_media.so");
  CHECK(catalog.plugins[0].hides == folder.path / "installed/media.so");
}

TEST_CASE("a plugin that cannot be used is not quietly replaced by a later folder's") {
  const temp_folder folder;
  offer(folder.path / "mine");
  fs::remove(folder.path / "mine/media.plugin.json");
  offer(folder.path / "installed");
  CHECK(only_reason(read_catalog({folder.path / "mine", folder.path / "installed"})) ==
        "the description beside it, media.plugin.json, is missing or unreadable; rebuild it or run flowrun-describe");
}

TEST_CASE("why a plugin is not offered") {
  const temp_folder folder;
  offer(folder.path);
  const fs::path library = folder.path / "libflowrun_media.so", sidecar = folder.path / "media.plugin.json";
  plugin_manifest m = make_sidecar("libflowrun_media.so");
  const auto reason = [&] {
    write(sidecar, write_manifest(m));
    return only_reason(read_catalog({folder.path}));
  };
  SUBCASE("stale") {
    m.build_id = "abcd00";
    CHECK(reason() ==
          "stale sidecar: media.plugin.json was made from build abcd00, but the library is build abcdef; rebuild it or "
          "run flowrun-describe");
  }
  SUBCASE("no build-id in the library") {
    write(library, make_library(""));
    CHECK(reason() ==
          "stale sidecar: media.plugin.json was made from build abcdef, but the library is build (none); rebuild it or "
          "run flowrun-describe");
  }
  SUBCASE("another SDK") {
    m.sdk_major = 9;
    m.sdk_minor = 4;
    CHECK(reason() == "built with flowrun SDK 9.4, but this is 0.1; rebuild it");
  }
  SUBCASE("another string ABI") {
    m.string_abi = 1 - string_abi;
    CHECK(reason() == "built with _GLIBCXX_USE_CXX11_ABI=0, but this is 1; rebuild it");
  }
  SUBCASE("of another library") {
    m.library = "libmedia.so";
    CHECK(reason() == "media.plugin.json describes libmedia.so, not libflowrun_media.so");
  }
  SUBCASE("no library at all") {
    write(library, "#!/bin/sh\n");
    CHECK(reason() == "libflowrun_media.so is not a 64-bit library");
  }
  SUBCASE("a faulty description") {
    m.stages[0].params[2].default_value = std::int64_t{-1};
    CHECK(reason() == "media.plugin.json: media.photos: the default of 'max_side' is -1, but must be an int 0..100000");
  }
  SUBCASE("not JSON") {
    write(sidecar, "{");
    CHECK(only_reason(read_catalog({folder.path}))
              .find("media.plugin.json: not a plugin's description that this version reads ([json") == 0);
  }
}

TEST_CASE("two offers of one name in one folder are none") {
  const temp_folder folder;
  offer(folder.path);
  write(folder.path / "other.so", make_library());
  write(folder.path / "other.plugin.json", write_manifest(make_sidecar("other.so")));
  CHECK(only_reason(read_catalog({folder.path})) ==
        "two libraries of one folder offer the plugin 'media': libflowrun_media.so and other.so; remove one");
}

TEST_CASE("a graph that uses a failed plugin repeats why") {
  const temp_folder folder;
  write(folder.path / "libmedia.so", make_library());
  std::vector<problem> problems;
  const auto spec = read_graph_text("flowrun: 1\nstages:\n  in: {use: media.files}\n", "g.yaml", {}, problems);
  check_graph(spec, read_catalog({folder.path}), {}, problems);
  REQUIRE(problems.size() == 1);
  CHECK(to_text(problems[0]) ==
        "g.yaml:3:13: there is no 'media.files': the plugin " + (folder.path / "libmedia.so").string() +
            " cannot be used: the description beside it, media.plugin.json, is missing or unreadable; rebuild it or "
            "run flowrun-describe");
}

TEST_CASE("damaged libraries are refused, whatever their bytes say") {
  const temp_folder folder;
  const fs::path library = folder.path / "x.so";
  const std::string good = make_library();
  write(library, good);
  CHECK(read_build_id(library) == "abcdef");
  const auto read_any = [&library](const std::string& bytes) {
    write(library, bytes);
    try {
      (void)read_build_id(library);
    } catch (const std::runtime_error&) {}
  };
  for (std::size_t length = 0; length < good.size(); ++length) read_any(good.substr(0, length));
  std::mt19937 random(3);
  for (int round = 0; round < 1000; ++round) {
    std::string bytes = good;
    for (int i = 0; i < 3; ++i) bytes[16 + random() % (bytes.size() - 16)] = static_cast<char>(random() % 3 - 1);
    read_any(bytes);
  }
  CHECK_THROWS_AS(read_build_id(folder.path / "absent.so"), std::runtime_error);
}
