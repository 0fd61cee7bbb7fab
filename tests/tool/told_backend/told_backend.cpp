// A plugin with a backend and no stage: tells that its process setup was called, and opens nothing.
#include <cstdio>
#include <flowrun/backend.hpp>
#include <flowrun/plugin.hpp>
#include <flowrun/process.hpp>
#include <stdexcept>

namespace told_backend {

class told : public flowrun::backend {
 public:
  std::unique_ptr<flowrun::session> open(const flowrun::model_file&, const flowrun::device&,
                                         const flowrun::session_options&) override {
    throw std::runtime_error("nothing is opened");
  }
};

}  // namespace told_backend

FLOWRUN_BACKEND("told", told_backend::told)
FLOWRUN_PROCESS_SETUP(options) {
  std::fprintf(stderr, "process setup: %d threads\n", options.threads);
}
FLOWRUN_PLUGIN("told_backend", "1.0.0")
