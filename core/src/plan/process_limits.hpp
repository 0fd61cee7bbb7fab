// What this process may use of the machine.
#pragma once
#include <cstdint>

namespace flowrun::core {

// Cores of the affinity mask, or fewer where a cgroup quota says so; at least 1.
int usable_cores();
// Cores a cgroup quota allows, maybe a fraction; very many where there is none.
double cgroup_cores();
// Bytes: free memory of the machine, or what is left of a cgroup limit where that is less.
std::uint64_t available_memory();

}  // namespace flowrun::core
