#include "allocation_count.hpp"

#include <atomic>
#include <cstdlib>
#include <new>

static std::atomic<int> allocations{0};

int allocation_count() {
  return allocations;
}

// A file of its own: where the compiler sees both, it takes malloc and delete for a mismatch.
void* operator new(std::size_t size) {
  ++allocations;
  if (void* p = std::malloc(size ? size : 1)) return p;
  throw std::bad_alloc();
}
void operator delete(void* p) noexcept {
  std::free(p);
}
void operator delete(void* p, std::size_t) noexcept {
  std::free(p);
}
