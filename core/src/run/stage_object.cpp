#include "stage_object.hpp"

namespace flowrun::core {

// Runs one step of the plugin's code; whatever it throws becomes one sentence that names stage and step.
template <class Step>
static void start_step(const std::string& stage, const char* step, Step&& body, int not_usable = 64) {
  try {
    body();
  } catch (const start_error&) {
    throw;
  } catch (const input_error& e) {
    throw start_error("stage '" + stage + "': " + e.what(), not_usable);
  } catch (const run_error& e) {
    throw start_error("stage '" + stage + "': " + e.what(), 74);
  } catch (const std::exception& e) {
    throw start_error("stage '" + stage + "': its " + step + " threw: " + e.what(), 70);
  } catch (...) {
    throw start_error("stage '" + stage + "': its " + step + " threw something that is not a std::exception", 70);
  }
}

stage_object::stage_object(const checked_stage& stage, const stage_info& code, const stage_context& context)
    : name_(stage.name), code_(&code) {
  start_step(name_, "constructor", [&] { self_ = code.create(); });
  try {
    start_step(name_, "parameters", [&] {
      for (std::size_t i = 0; i < code.params.size(); ++i)
        code.params[i].set(code.params[i].at, self_, stage.params.at(i));
    });
    if (code.open) start_step(name_, "open()", [&] { code.open(self_, context); });
  } catch (...) {
    code.destroy(self_);
    throw;
  }
}

stage_object::~stage_object() {
  code_->destroy(self_);
}

void stage_object::start(const model_calls& calls) {
  if (code_->call_start)
    start_step(
        name_, "start()", [&] { code_->call_start(*code_, self_, calls); }, 65);
}

void stage_object::close() {
  if (code_->close) start_step(name_, "close()", [&] { code_->close(self_); });
}

}  // namespace flowrun::core
