// The torch backend: TorchScript files and packages compiled by AOTInductor.
#include <flowrun/plugin.hpp>
#include <flowrun/process.hpp>

#include "open_session.hpp"

namespace flowrun::torch_backend {

class torch_files : public backend {
 public:
  std::unique_ptr<session> open(const model_file& model, const device& on, const session_options& options) override {
    return open_session(model, on, options);
  }
};

}  // namespace flowrun::torch_backend

FLOWRUN_BACKEND("torch", flowrun::torch_backend::torch_files)
FLOWRUN_PROCESS_SETUP(options) {
  flowrun::torch_backend::set_up_process();
}
FLOWRUN_PLUGIN("torch", "0.1.0")
