// Answers that a stage gave to the same input before. What they are found by and where they are kept is not the run's
// business.
#pragma once
#include <mutex>
#include <span>
#include <string>

#include <flowrun/stage.hpp>

namespace flowrun::core {

// Of a value's content, made by whoever needs it first: the pairs of a window share their values.
struct content_hash {
  std::once_flag once;
  std::string bytes;
};

class stage_cache {
 public:
  virtual ~stage_cache() = default;
  // All three from any thread. The key of an answer: everything that decides it. `known`: by input, of a value that
  // several answers are made of; empty: there are none.
  virtual std::string key_of(const void* const* in, const item_info& item,
                             std::span<content_hash* const> known) const = 0;
  // value or skip, with `out` or `reason` filled; none: it is not there.
  virtual status find(const std::string& key, payload* out, std::string& reason) = 0;
  virtual void put(const std::string& key, status answered, const payload* out, const std::string& reason) = 0;
};

}  // namespace flowrun::core
