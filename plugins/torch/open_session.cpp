#include "open_session.hpp"

#include <ATen/Parallel.h>
#include <malloc.h>

#include <mutex>

#include "torch_session.hpp"

namespace flowrun::torch_backend {

std::unique_ptr<session> open_session(const model_file& model, const device& on, const session_options& options) {
  return std::make_unique<torch_session>(model, on, options);
}

static void set_up_once() {
  at::set_num_threads(1);
  at::set_num_interop_threads(1);  // throws when it is called again
  // oneDNN's and MKL's own scratch memory comes from the C library: kept too, up to the largest it can be told.
  ::mallopt(M_MMAP_THRESHOLD, 32 << 20);
  ::mallopt(M_TRIM_THRESHOLD, 512 << 20);
  ::mallopt(M_TOP_PAD, 16 << 20);
}

void set_up_process() {
  static std::once_flag once;
  std::call_once(once, set_up_once);
}

}  // namespace flowrun::torch_backend
