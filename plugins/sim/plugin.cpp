// The sim backend: models that only take time and memory, for tests and for planning where there is no GPU.
#include <flowrun/plugin.hpp>

#include "sim_session.hpp"

namespace flowrun::sim {

class sim_backend : public backend {
 public:
  std::unique_ptr<session> open(const model_file& model, const device& on, const session_options& options) override {
    return std::make_unique<sim_session>(model, on, read_cost_curve(options.path));
  }
};

}  // namespace flowrun::sim

FLOWRUN_BACKEND("sim", flowrun::sim::sim_backend)
FLOWRUN_PLUGIN("sim", "0.1.0")
