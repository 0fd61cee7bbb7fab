// The main of every doctest program. Concurrency is tested with 8 threads also where there are fewer cores.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>
#include <oneapi/tbb/global_control.h>

int main(int argc, char** argv) {
  oneapi::tbb::global_control eight(oneapi::tbb::global_control::max_allowed_parallelism, 8);
  return doctest::Context(argc, argv).run();
}
