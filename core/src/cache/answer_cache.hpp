// A stage's answers, found by the stage (its code's version, params, model) and the content of what it reads.
#pragma once
#include <memory>
#include <vector>

#include "../run/stage_cache.hpp"
#include "answer_files.hpp"

namespace flowrun::core {

class answer_cache : public stage_cache {
 public:
  // `stage_alone`: fingerprint of the stage without what it reads from. `needed`: by output, whether somebody reads it
  // or it is kept; the others are not stored.
  answer_cache(answer_files files, std::string stage_alone, const stage_info& stage, std::vector<bool> needed);

  std::string key_of(const void* const* in, const item_info& item,
                     std::span<content_hash* const> known = {}) const override;
  status find(const std::string& key, payload* out, std::string& reason) override;
  void put(const std::string& key, status answered, const payload* out, const std::string& reason) override;

 private:
  answer_files files_;
  std::string stage_alone_;
  const stage_info& stage_;
  std::vector<bool> needed_;
};

}  // namespace flowrun::core
