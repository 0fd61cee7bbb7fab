// A random graph of random stages, run once and compared with what must come out.
#pragma once
#include <cstdint>
#include <string>

namespace flowrun::core {

struct random_run_result {
  std::string fault;  // empty: everything was as it must be
  std::uint64_t items = 0;
  std::uint64_t rows = 0, holes = 0, out_of_memory = 0, displaced = 0;  // of its model stages
};

// Everything about the run follows from the seed.
random_run_result run_random_graph(std::uint64_t seed, int most_items);

}  // namespace flowrun::core
