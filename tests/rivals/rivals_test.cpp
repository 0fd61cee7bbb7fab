#include <dlfcn.h>
#include <doctest/doctest.h>

#include <filesystem>

#include "plugin/library_needs.hpp"
#include "plugin/plugin_library.hpp"

using namespace flowrun::core;

static const std::filesystem::path folder = RIVALS_FOLDER;

TEST_CASE("what a plugin is linked to is read from its file") {
  library_needs needs = read_library_needs(folder / "plugins" / "rival_user.so");
  CHECK(std::count(needs.names.begin(), needs.names.end(), "librival.so") == 1);
  CHECK(std::count(needs.folders.begin(), needs.folders.end(), folder / "mine") == 1);
  CHECK_THROWS_WITH(read_library_needs("/proc/self/cmdline"), "the library is cut short");
}

TEST_CASE("a plugin whose library another one of the same name stands in for is refused, and both are named") {
  const std::filesystem::path plugin = folder / "plugins" / "rival_user.so", other = folder / "other" / "librival.so";
  CHECK(find_rival(plugin) == "");
  void* loaded = ::dlopen(other.c_str(), RTLD_NOW);
  REQUIRE(loaded);
  std::string text = "it needs " + (folder / "mine" / "librival.so").string() + ", but this process has " +
                     other.string() +
                     " already, and a process takes only one library of a name; remove the other, or build the plugin "
                     "against it";
  CHECK(find_rival(plugin) == text);
  CHECK_THROWS_WITH(open_plugin(plugin), ("plugin " + plugin.string() + ": " + text).c_str());
  ::dlclose(loaded);
  CHECK(find_rival(plugin) == "");
}
