// One T per concurrent call of a const run(): for scratch buffers and libraries that are not thread-safe.
#pragma once
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace flowrun {

template <class T> class per_lane {
 public:
  per_lane() : make_([] { return std::make_unique<T>(); }) {}
  explicit per_lane(std::function<std::unique_ptr<T>()> make) : make_(std::move(make)) {}
  per_lane(const per_lane& other) : make_(other.make_) {}
  per_lane& operator=(const per_lane&) = delete;

  class lease {
   public:
    lease(const per_lane& owner, std::unique_ptr<T> value) : owner_(owner), value_(std::move(value)) {}
    lease(const lease&) = delete;
    lease& operator=(const lease&) = delete;
    ~lease() {
      std::lock_guard lock(owner_.mutex_);
      owner_.free_.push_back(std::move(value_));
    }
    T& operator*() const { return *value_; }
    T* operator->() const { return value_.get(); }

   private:
    const per_lane& owner_;
    std::unique_ptr<T> value_;
  };

  // Nobody else holds the value while the lease lives.
  lease take() const {
    {
      std::lock_guard lock(mutex_);
      if (!free_.empty()) {
        auto value = std::move(free_.back());
        free_.pop_back();
        return lease(*this, std::move(value));
      }
    }
    return lease(*this, make_());
  }

 private:
  std::function<std::unique_ptr<T>()> make_;
  mutable std::mutex mutex_;
  mutable std::vector<std::unique_ptr<T>> free_;
};

}  // namespace flowrun
