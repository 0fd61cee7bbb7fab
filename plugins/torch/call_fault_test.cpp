// What a call's exception comes to.
#include "call_fault.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>

using namespace flowrun;
using namespace flowrun::torch_backend;

static run_outcome outcome_of(const std::string& text, bool on_cuda = true) {
  try {
    throw std::runtime_error(text);
  } catch (...) {
    return current_fault(on_cuda).outcome;
  }
}

TEST_CASE("after a fault that lasts the device is lost") {
  // As CUDA words them.
  for (const std::string text :
       {"CUDA error: an illegal memory access was encountered", "CUDA error: unspecified launch failure",
        "CUDA error: device-side assert triggered", "CUDA error: misaligned address",
        "CUDA error: uncorrectable ECC error encountered", "CUDA error: the launch timed out and was terminated",
        "CUDA error: an illegal instruction was encountered", "CUDA error: invalid program counter",
        "CUDA error: hardware stack error", "CUDA error: operation not supported on global/shared address space"}) {
    CAPTURE(text);
    CHECK(outcome_of(text) == run_outcome::device_lost);
    CHECK(outcome_of(text, false) == run_outcome::failed);
  }
}

TEST_CASE("a library that cannot set itself up for want of memory is out of memory, not a lost device") {
  for (const char* text : {"CUDA out of memory. Tried to allocate 2.00 GiB.", "CUDA error: out of memory",
                           "CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`",
                           "CUDA error: CUBLAS_STATUS_NOT_INITIALIZED when calling `cublasCreate(handle)`",
                           "cuDNN error: CUDNN_STATUS_ALLOC_FAILED", "cuDNN error: CUDNN_STATUS_NOT_INITIALIZED"}) {
    CAPTURE(text);
    CHECK(outcome_of(text) == run_outcome::out_of_memory);
  }
}

TEST_CASE("any other fault is the call's alone") {
  CHECK(outcome_of("CUDA error: invalid argument") == run_outcome::failed);
  CHECK(outcome_of("cuDNN error: CUDNN_STATUS_NOT_SUPPORTED") == run_outcome::failed);
  CHECK(outcome_of("shape '[-1, 5]' is invalid for input of size 768") == run_outcome::failed);
}
