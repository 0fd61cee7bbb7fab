#include "kept_memory.hpp"

#include <ATen/core/Tensor.h>
#include <c10/core/CPUAllocator.h>
#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <utility>
#include <vector>

namespace flowrun::torch_backend {

namespace {

constexpr std::size_t alignment = 64, huge_page = std::size_t{2} << 20;
constexpr std::size_t smallest_kept = std::size_t{1} << 12;  // the C library keeps smaller ones itself
constexpr int steps = 8;                                     // sizes between two powers of two: at most 1/8 is wasted

thread_local std::shared_ptr<memory_account> current_account;
thread_local std::string refusal;

// Stands before the bytes of every block.
struct alignas(alignment) block {
  std::size_t size = 0;  // on the account
  int size_class = -1;   // of the memory itself, which may be more; -1: not kept
  std::shared_ptr<memory_account> account;
};
static_assert(sizeof(block) == alignment);

void* bytes_of(block* b) {
  return b + 1;
}
block* block_of(void* bytes) {
  return static_cast<block*>(bytes) - 1;
}

int class_of(std::size_t n) {
  int power = static_cast<int>(std::bit_width(n - 1)) - 1;  // 2^power < n <= 2^(power + 1)
  std::size_t step = (std::size_t{1} << power) / steps;
  return power * steps + static_cast<int>((n - 1 - (std::size_t{1} << power)) / step);
}

std::size_t size_of(int size_class) {
  std::size_t base = std::size_t{1} << (size_class / steps);
  return base + base / steps * static_cast<std::size_t>(size_class % steps + 1);
}

class kept_blocks {
 public:
  // One of up to twice the size too: a batch of other rows, such as the last one, finds the blocks of those before it.
  block* take(int size_class) {
    std::lock_guard lock(mutex_);
    const auto first = static_cast<std::size_t>(size_class), last = std::min(first + steps, free_.size() - 1);
    for (std::size_t c = first; c <= last; ++c) {
      auto& free = free_[c];
      if (free.empty()) continue;
      block* b = free.back();
      free.pop_back();
      return b;
    }
    return nullptr;
  }
  void keep(int size_class, block* b) {
    std::lock_guard lock(mutex_);
    free_[static_cast<std::size_t>(size_class)].push_back(b);
  }
  void release() {
    std::lock_guard lock(mutex_);
    for (auto& free : free_) {
      for (block* b : free) std::free(b);
      free.clear();
    }
  }

 private:
  std::mutex mutex_;
  std::array<std::vector<block*>, 64 * steps> free_;
};

// Never destroyed: tensors in static objects of LibTorch give memory back at the very end.
kept_blocks& kept() {
  static auto& all = *new kept_blocks;
  return all;
}

// Of the system; null: it has none.
block* allocate_block(std::size_t n) {
  void* memory = nullptr;
  n += sizeof(block);
  if (posix_memalign(&memory, n >= huge_page ? huge_page : alignment, n) != 0) return nullptr;
  if (n >= huge_page) ::madvise(memory, n, MADV_HUGEPAGE);  // a hint: without it there are only more page faults
  return new (memory) block;
}

void free_block(void* bytes) {
  if (!bytes) return;
  block* b = block_of(bytes);
  if (b->account) b->account->give(b->size);
  b->account.reset();
  if (b->size_class < 0)
    std::free(b);
  else
    kept().keep(b->size_class, b);
}

[[noreturn]] void refuse(const char* who, std::size_t n) {
  refusal = std::string(who) + " has no " + std::to_string(n) + " bytes left";
  C10_THROW_ERROR(OutOfMemoryError, refusal);
}

class keeping_allocator final : public c10::Allocator {
 public:
  c10::DataPtr allocate(std::size_t n) override {
    void* bytes = n == 0 ? nullptr : allocate_bytes(n);
    return {bytes, bytes, &free_block, c10::Device(c10::kCPU)};
  }
  c10::DeleterFnPtr raw_deleter() const override { return &free_block; }
  void copy_data(void* to, const void* from, std::size_t n) const override { std::memcpy(to, from, n); }

 private:
  static void* allocate_bytes(std::size_t n) {
    int size_class = n > smallest_kept ? class_of(n) : -1;
    if (size_class >= 0) n = size_of(size_class);
    if (current_account && !current_account->take(n)) refuse("the device", n);
    block* b = size_class >= 0 ? kept().take(size_class) : nullptr;
    if (!b) {
      b = allocate_block(n);
      if (b) b->size_class = size_class;
    }
    if (!b) {
      if (current_account) current_account->give(n);
      refuse("the system", n);
    }
    b->size = n;
    b->account = current_account;
    return bytes_of(b);
  }
};

}  // namespace

bool memory_account::take(std::uint64_t bytes) {
  if (device_ && !device_->allocate(bytes)) return false;
  std::uint64_t now = used_.fetch_add(bytes, std::memory_order_relaxed) + bytes;
  std::uint64_t peak = peak_.load(std::memory_order_relaxed);
  while (now > peak && !peak_.compare_exchange_weak(peak, now, std::memory_order_relaxed)) {}
  return true;
}

void memory_account::give(std::uint64_t bytes) {
  if (!device_) {
    used_.fetch_sub(bytes, std::memory_order_relaxed);
    return;
  }
  std::lock_guard lock(leaving_);
  used_.fetch_sub(bytes, std::memory_order_relaxed);
  if (!left_) device_->release(bytes);
}

void memory_account::leave_device() {
  if (!device_) return;
  std::lock_guard lock(leaving_);
  device_->release(used());
  left_ = true;
}

account_scope::account_scope(std::shared_ptr<memory_account> account)
    : before_(std::exchange(current_account, std::move(account))) {}

account_scope::~account_scope() {
  current_account = std::move(before_);
}

void keep_memory() {
  static bool done = [] {
    // Above the priority of LibTorch's own.
    c10::SetCPUAllocator(new keeping_allocator, 100);
    return true;
  }();
  static_cast<void>(done);
}

std::string take_refusal() {
  return std::exchange(refusal, {});
}

void take_off_account(const at::Tensor& tensor) {
  const c10::DataPtr& memory = tensor.storage().data_ptr();
  if (memory.get_deleter() != &free_block || !memory.get_context()) return;
  block* b = block_of(memory.get_context());
  if (b->account) b->account->give(b->size);
  b->account.reset();
}

void release_kept_memory() {
  kept().release();
}

}  // namespace flowrun::torch_backend
