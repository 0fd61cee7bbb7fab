// Answers that a stage gave to the same input before. What they are found by and where they are kept is not the run's
// business.
#pragma once
#include <string>

#include <flowrun/stage.hpp>

namespace flowrun::core {

class stage_cache {
 public:
  virtual ~stage_cache() = default;
  // All three from any thread. The key of an answer: everything that decides it.
  virtual std::string key_of(const void* const* in, const item_info& item) const = 0;
  // value or skip, with `out` or `reason` filled; none: it is not there.
  virtual status find(const std::string& key, payload* out, std::string& reason) = 0;
  virtual void put(const std::string& key, status answered, const payload* out, const std::string& reason) = 0;
};

}  // namespace flowrun::core
