// Folders of this checkout and build. Compiled in one place, so that the compiler cache serves other checkouts too.
#pragma once

namespace test_paths {
extern const char* const source;  // the checkout
extern const char* const tests;   // its tests/
extern const char* const build;
}  // namespace test_paths
