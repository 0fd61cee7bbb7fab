// A stage's object, made by its plugin, with its params set.
#pragma once
#include <memory>
#include <string>

#include <flowrun/stage.hpp>

#include "../graph/checked_graph.hpp"

namespace flowrun::core {

// A stage that cannot start. exit_code: 64 or, told by start(), 65 what the user named is not usable, 69 its model
// failed, 74 the disk, 70 the stage's own code failed.
struct start_error : std::runtime_error {
  int exit_code;
  start_error(const std::string& what, int code) : std::runtime_error(what), exit_code(code) {}
};

class stage_object {
 public:
  // Creates, sets params, opens. Throws start_error naming the stage.
  stage_object(const checked_stage& stage, const stage_info& code, const stage_context& context);
  ~stage_object();
  stage_object(const stage_object&) = delete;
  stage_object& operator=(const stage_object&) = delete;

  void* get() const { return self_; }
  // Of a model stage that has a start(): before anything is read. Throws start_error.
  void start(const model_calls& calls);
  // The end of all it was to see. Throws std::runtime_error naming the stage.
  void close();

 private:
  std::string name_;
  const stage_info* code_;
  void* self_ = nullptr;
};

}  // namespace flowrun::core
