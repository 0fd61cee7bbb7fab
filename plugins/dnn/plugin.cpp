// The dnn backend: ONNX files through OpenCV's networks.
#include <flowrun/plugin.hpp>
#include <flowrun/process.hpp>
#include <opencv2/core/utility.hpp>

#include "dnn_session.hpp"

namespace flowrun::dnn_backend {

class onnx_files : public backend {
 public:
  std::unique_ptr<session> open(const model_file& model, const device& on, const session_options& options) override {
    return std::make_unique<dnn_session>(model, on, options);
  }
};

}  // namespace flowrun::dnn_backend

FLOWRUN_BACKEND("dnn", flowrun::dnn_backend::onnx_files)
// A call takes one thread: the parallelism is over batches.
FLOWRUN_PROCESS_SETUP(options) {
  cv::setNumThreads(1);
}
FLOWRUN_PLUGIN("dnn", "0.1.0")
